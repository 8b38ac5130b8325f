package dev.muster.config;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What a TLS connection to etcd needs.
 *
 * @param authorities who may vouch for etcd; empty for those that Java trusts
 * @param identity what this program shows of itself, where etcd asks for it
 */
public record EtcdTls(Optional<List<X509Certificate>> authorities, Optional<Identity> identity) {

    public EtcdTls {
        authorities = authorities.map(List::copyOf);
        if (authorities.filter(List::isEmpty).isPresent()) {
            throw new IllegalArgumentException("authorities []: allowed is one or more");
        }
    }

    /**
     * A certificate with its key.
     *
     * @param chain the certificate of the key first, then those who vouch for it
     */
    public record Identity(PrivateKey key, List<X509Certificate> chain) {

        public Identity {
            chain = List.copyOf(chain);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("chain []: allowed is one or more");
            }
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
        }
    }
}

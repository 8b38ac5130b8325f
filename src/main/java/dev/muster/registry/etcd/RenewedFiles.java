package dev.muster.registry.etcd;

import dev.muster.config.EtcdConfig;
import dev.muster.config.UsageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates and password as their files have them whenever a client is built: those that live for a short time are renewed
 * on disk while this program runs. A file that cannot be used, since it is junk or half written, or a key without its
 * certificate, is said once, and what was read before stays in use. Safe for use by many threads.
 */
final class RenewedFiles {

    private static final Logger log = LoggerFactory.getLogger(RenewedFiles.class);

    private EtcdConfig used;
    private String said = "";

    RenewedFiles(EtcdConfig config) {
        this.used = config;
    }

    /** The settings as they are to be used now. */
    synchronized EtcdConfig read() {
        try {
            EtcdConfig now = used.renewed();
            if (!now.equals(used)) {
                log.info("certificates or password for etcd were renewed, they are taken from their files");
            }
            used = now;
            said = "";
        } catch (UsageException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(said)) {
                said = why;
                log.warn("{}; what was read before stays in use", why);
            }
        }
        return used;
    }
}

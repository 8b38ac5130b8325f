package dev.muster.testkit;

import io.etcd.jetcd.ClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * An etcd whose clients know one authority, and that shows a certificate of it, or of another: it reads what it shows anew for
 * every connection. Its witness and etcdctl trust both.
 */
public final class EtcdWithCertificates {

    public final EtcdProcess etcd;

    /** The flag by which Muster trusts the one authority. */
    public final String trust;

    private final Path folder;
    private final Path ours;
    private final Path others;
    private final Path both;

    /** @param folder where all of it is kept */
    public EtcdWithCertificates(Path folder) throws IOException {
        this.folder = folder;
        ours = Files.createDirectory(folder.resolve("ours"));
        others = Files.createDirectory(folder.resolve("others"));
        Certificates authority = new Certificates(ours, "ca").issue("server", "IP:127.0.0.1");
        Certificates another = new Certificates(others, "ca").issue("server", "IP:127.0.0.1");
        both = Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(authority.authority()) + Files.readString(another.authority()));
        trust = "--etcd-ca=" + authority.authority();
        showOurs();
        etcd = EtcdProcess.start(
                        "--cert-file=" + folder.resolve("server.pem"), "--key-file=" + folder.resolve("server.key"))
                .ctlWith("--cacert=" + both);
    }

    /** A witness that trusts both. */
    public EtcdRecorder recorder() {
        return EtcdRecorder.of(etcd, this::trusting);
    }

    private ClientBuilder trusting(ClientBuilder client) {
        try {
            return client.sslContext(context -> context.trustManager(both.toFile()));
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on new connections see the right certificate. */
    public void showOurs() {
        show(ours);
    }

    /** Ends all connections; new ones see the certificate of the other authority. */
    public void restartWithAnothers() {
        show(others);
        etcd.kill();
        etcd.startAgain();
    }

    private void show(Path whose) {
        try {
            for (String name : List.of("server.pem", "server.key")) {
                Files.copy(whose.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

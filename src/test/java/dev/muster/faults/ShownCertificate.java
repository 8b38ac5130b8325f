package dev.muster.faults;

import dev.muster.testkit.Certificates;
import dev.muster.testkit.EtcdProcess;
import dev.muster.testkit.EtcdRecorder;
import io.etcd.jetcd.ClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.net.ssl.SSLException;

/** An etcd with TLS, and the certificate that it shows: its own authority's, or another's of the same name. */
final class ShownCertificate {

    private final Path folder;
    private final Path ours;
    private final Path others;
    final AgentBed bed;

    /** @param folder an empty one; at first etcd shows its own */
    ShownCertificate(Path folder) throws IOException {
        this.folder = folder;
        this.ours = Files.createDirectory(folder.resolve("ours"));
        this.others = Files.createDirectory(folder.resolve("others"));
        Certificates authority = new Certificates(ours, "ca").issue("server", "IP:127.0.0.1");
        Certificates another = new Certificates(others, "ca").issue("server", "IP:127.0.0.1");
        showOurs();
        Path both = Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(authority.authority()) + Files.readString(another.authority()));
        EtcdProcess etcd = EtcdProcess.start(
                        "--cert-file=" + folder.resolve("server.pem"), "--key-file=" + folder.resolve("server.key"))
                .ctlWith("--cacert=" + both);
        bed = new AgentBed(etcd, EtcdRecorder.of(etcd, client -> trusting(client, both)));
    }

    /** The flag by which its own is trusted, and no other. */
    String trust() {
        return "--etcd-ca=" + ours.resolve("ca.pem");
    }

    /** From now on every new connection is shown the right one. */
    void showOurs() {
        show(ours);
    }

    /** It is started anew with the other one. @return the monotonic time at which it was back */
    long restartWithOthers() {
        show(others);
        bed.etcd.kill();
        bed.etcd.startAgain();
        long back = System.nanoTime();
        bed.recorder.resume();
        return back;
    }

    private static ClientBuilder trusting(ClientBuilder client, Path authorities) {
        try {
            return client.sslContext(context -> context.trustManager(authorities.toFile()));
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
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

package dev.muster.provider.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.doctor.Seen;
import dev.muster.testkit.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of a folder of certificates. They are made to last for two days. */
class CertificatesCheckIT {

    @TempDir
    private Path made;

    @TempDir
    private Path folder;

    private Certificates certificates;

    @BeforeEach
    void issue() {
        certificates = new Certificates(made, "authority").issue("www", "DNS:www.example.com");
    }

    private void put(String name, Path... parts) throws Exception {
        StringBuilder text = new StringBuilder();
        for (Path part : parts) {
            text.append(Files.readString(part));
        }
        Files.writeString(folder.resolve(name), text);
    }

    private List<String> seen(Instant now) throws Exception {
        return Seen.by(new CertificatesCheck(Optional.of(folder), Clock.fixed(now, ZoneOffset.UTC)));
    }

    @Test
    void one_that_expires_soon_says_when() throws Exception {
        put("www.pem", certificates.certificate("www"), certificates.key("www"));
        assertThat(seen(Instant.now().plusSeconds(60)))
                .singleElement()
                .asString()
                .startsWith("WARN certificates: certificate www, CN=www, fits its key and expires at ")
                .contains(", in 1 days -> renew it");
        assertThat(seen(Instant.now().plus(Duration.ofDays(3))))
                .singleElement()
                .asString()
                .startsWith("FAIL certificates: ")
                .contains("www.pem", "it has expired at");
    }

    @Test
    void one_that_lasts_is_well() throws Exception {
        Certificates.openssl("req -x509 -newkey rsa:2048 -nodes -days 400 -subj /CN=long -keyout %s -out %s"
                .formatted(folder.resolve("long.key"), folder.resolve("long.crt")));
        assertThat(seen(Instant.now().plusSeconds(60)))
                .singleElement()
                .asString()
                .startsWith("OK certificates: certificate long, CN=long, fits its key and expires at ");
    }

    @Test
    void what_is_no_good_is_a_fault_each() throws Exception {
        put("a.pem", certificates.certificate("www"), certificates.key("authority"));
        put("b.crt", certificates.certificate("www"));
        Files.writeString(folder.resolve("c.pem"), "nothing");
        assertThat(seen(Instant.now().plusSeconds(60)))
                .hasSize(3)
                .allMatch(line -> line.startsWith("FAIL certificates: " + folder))
                .anyMatch(line -> line.contains("a.pem: its key is not the certificate's"))
                .anyMatch(line -> line.contains("b.crt: there is no private key in it"))
                .anyMatch(line -> line.contains("c.pem: there is no certificate in it"));
    }

    @Test
    void a_folder_that_is_empty_or_not_there_is_told() throws Exception {
        assertThat(seen(Instant.now())).singleElement().asString().contains("has no certificate");
        Files.move(folder, made.resolve("elsewhere"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(seen(Instant.now())).singleElement().asString().startsWith("FAIL certificates: ");
        Files.createDirectory(folder);
        assertThat(Seen.by(new CertificatesCheck(Optional.empty(), Clock.systemUTC())))
                .singleElement()
                .asString()
                .startsWith("OK certificates: there is no folder");
    }
}

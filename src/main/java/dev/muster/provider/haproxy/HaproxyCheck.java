package dev.muster.provider.haproxy;

import dev.muster.config.HaproxyConfig;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.model.Name;
import dev.muster.provider.ProgramRun;
import dev.muster.provider.ProviderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a watcher could drive HAProxy here: the program, its master process, the file that is Muster's. */
public final class HaproxyCheck implements Check {

    private static final String PROGRAM = "program";
    private static final String FILE = "file";
    private static final String MASTER = "master-socket";
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Pattern VERSION = Pattern.compile("version (([0-9]+)\\.([0-9]+)\\S*)");

    private final HaproxyConfig config;
    private final boolean asked;
    private final LiveFile file;

    /** @param asked whether somebody has set anything of HAProxy's: then its absence is a fault */
    public HaproxyCheck(HaproxyConfig config, boolean asked) {
        this.config = config;
        this.asked = asked;
        this.file = new LiveFile(config);
    }

    /** Whether this machine has anything of HAProxy. */
    public static boolean isHere(HaproxyConfig config) {
        return Files.isExecutable(Path.of(config.binary()))
                || Files.exists(config.masterSocket())
                || Files.exists(config.config());
    }

    @Override
    public Area area() {
        return Area.HAPROXY;
    }

    @Override
    public String name() {
        return PROGRAM;
    }

    @Override
    public void run(Report report) {
        if (!isHere(config) && !asked) {
            report.warn(
                    PROGRAM,
                    "there is no HAProxy here",
                    "nothing, where no watcher is to run; else apt-get install haproxy, or --haproxy-binary FILE");
            return;
        }
        boolean runs = program(report);
        file(report, runs);
        master(report);
    }

    private boolean program(Report report) {
        String mend = "apt-get install haproxy, or --haproxy-binary FILE";
        try {
            ProgramRun run = ProgramRun.of(List.of(config.binary(), "-v"), ANSWER);
            Matcher version = VERSION.matcher(run.output());
            if (run.code() != 0 || !version.find()) {
                report.fail(
                        PROGRAM, "'%s -v' says %s".formatted(config.binary(), Answers.shortened(run.output())), mend);
                return false;
            }
            int major = Integer.parseInt(version.group(2));
            int minor = Integer.parseInt(version.group(3));
            String seen = "%s is HAProxy %s".formatted(config.binary(), Name.printable(version.group(1)));
            if (major < 2 || (major == 2 && minor < 4)) {
                report.fail(PROGRAM, seen + "; Muster needs 2.4 or newer", "update it");
            } else if (major == 2 && minor < 6) {
                report.warn(PROGRAM, seen + "; Muster is tested with 2.6 and newer", "update it when you can");
            } else {
                report.ok(PROGRAM, seen);
            }
            return true;
        } catch (ProviderException | NumberFormatException e) {
            report.fail(PROGRAM, String.valueOf(e.getMessage()), mend);
            return false;
        }
    }

    private void file(Report report, boolean checkable) {
        try {
            Optional<String> text = file.read();
            if (text.isEmpty()) {
                missing(report);
                return;
            }
            boolean ours = HaproxyFileReader.isOurs(text.get());
            Optional<String> objection = ours ? Optional.empty() : file.objection(text.get());
            if (objection.isPresent()) {
                int colon = objection.get().indexOf(": ");
                report.fail(
                        FILE,
                        objection.get().substring(0, colon),
                        objection.get().substring(colon + 2));
                return;
            }
            if (!ours) {
                report.ok(
                        FILE,
                        "%s is not Muster's and serves nothing: a watcher keeps a copy beside it"
                                .formatted(file.path()));
            } else if (checkable) {
                checked(report);
            }
        } catch (ProviderException e) {
            report.fail(
                    FILE,
                    String.valueOf(e.getMessage()),
                    "run muster watcher and muster doctor as a user who may read it: sudo muster doctor");
        }
    }

    private void missing(Report report) {
        Path folder = Optional.ofNullable(file.path().getParent()).orElse(Path.of("/"));
        String seen = "%s is not there".formatted(file.path());
        if (Files.isWritable(folder)) {
            report.ok(FILE, seen + " yet: a watcher makes it");
            return;
        }
        String mend = Files.isDirectory(folder)
                ? "run watcher and doctor as root (sudo muster doctor), or name a file elsewhere: --haproxy-config FILE"
                : "make its folder (sudo mkdir -p %s), or name a file elsewhere: --haproxy-config FILE"
                        .formatted(folder);
        wanting(
                report,
                FILE,
                "%s, and user '%s' cannot make it".formatted(seen, System.getProperty("user.name")),
                asked,
                mend);
    }

    private void checked(Report report) throws ProviderException {
        Optional<String> refusal = file.refusal();
        if (refusal.isEmpty()) {
            report.ok(FILE, "%s is Muster's; HAProxy accepts it".formatted(file.path()));
            return;
        }
        report.fail(
                FILE,
                "HAProxy refuses %s: %s".formatted(file.path(), refusal.get()),
                "mend what it names; yours are the files in %s; then try: %s -c %s"
                        .formatted(config.snippets(), config.binary(), String.join(" ", file.arguments())));
    }

    private void master(Report report) {
        try {
            Optional<Workers> found = new HaproxyMaster(config.masterSocket()).find();
            if (found.isPresent()) {
                answering(report, found.get());
            } else if (config.run()) {
                report.ok(MASTER, "no HAProxy runs yet: a watcher starts it (--haproxy-run)");
            } else {
                silent(report);
            }
        } catch (ProviderException e) {
            report.fail(
                    MASTER,
                    String.valueOf(e.getMessage()),
                    "run muster watcher and muster doctor as a user who may use it: sudo muster doctor");
        }
    }

    /** A person's own HAProxy may run here, or none: only where something is Muster's already is that a fault. */
    private void silent(Report report) throws ProviderException {
        String seen = "no HAProxy answers on its master socket %s".formatted(config.masterSocket());
        String mend =
                "systemctl start haproxy (with units/haproxy-muster.conf), or let the watcher start one: --haproxy-run, or name its socket: --haproxy-master-socket FILE";
        wanting(
                report,
                MASTER,
                seen,
                asked || file.read().filter(HaproxyFileReader::isOurs).isPresent(),
                mend);
    }

    private static void wanting(Report report, String check, String seen, boolean needed, String mend) {
        if (needed) {
            report.fail(check, seen, mend);
        } else {
            report.warn(check, seen, "nothing, where no watcher is to run; else " + mend);
        }
    }

    private void answering(Report report, Workers workers) {
        String seen = "HAProxy answers on %s: master %d, worker %d"
                .formatted(config.masterSocket(), workers.master(), workers.current());
        if (workers.failures() > 0) {
            report.warn(
                    MASTER,
                    "%s; its last %d reloads failed".formatted(seen, workers.failures()),
                    "its own log says why (journalctl -u haproxy), and the watcher's");
        } else {
            report.ok(MASTER, seen);
        }
    }
}

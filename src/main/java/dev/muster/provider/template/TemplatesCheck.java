package dev.muster.provider.template;

import dev.muster.config.TemplateConfig;
import dev.muster.config.TemplateSettings;
import dev.muster.config.UsageException;
import dev.muster.doctor.Area;
import dev.muster.doctor.Check;
import dev.muster.doctor.Report;
import dev.muster.provider.ProgramRun;
import dev.muster.provider.ProviderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether a watcher could render its files here: their descriptions, their templates, where they go, who checks and reads them. */
public final class TemplatesCheck implements Check {

    private static final String DESCRIPTION = "description";
    private static final String TEMPLATE = "template";
    private static final String TARGET = "target";
    private static final String COMMAND = "command";

    private final Optional<Path> folder;
    private final Predicate<String> isProgram;

    /**
     * @param folder of descriptions; empty where nobody asks for files
     * @param isProgram whether there is a program of this name or at this path
     */
    public TemplatesCheck(Optional<Path> folder, Predicate<String> isProgram) {
        this.folder = folder;
        this.isProgram = isProgram;
    }

    @Override
    public Area area() {
        return Area.TEMPLATES;
    }

    @Override
    public String name() {
        return DESCRIPTION;
    }

    @Override
    public void run(Report report) {
        if (folder.isEmpty()) {
            report.ok(DESCRIPTION, "no file is rendered here (--provider template)");
            return;
        }
        List<TemplateConfig> files;
        try {
            files = TemplateSettings.files(folder.get());
        } catch (UsageException e) {
            report.fail(DESCRIPTION, String.valueOf(e.getMessage()), "mend it; docs/reference.md says what it has");
            return;
        }
        for (TemplateConfig file : files) {
            report.ok(DESCRIPTION, "%s.conf renders %s into %s".formatted(file.name(), file.source(), file.target()));
            template(report, file);
            target(report, file);
            command(report, file, "check", file.check());
            command(report, file, "reload", file.reload());
        }
    }

    private static void template(Report report, TemplateConfig file) {
        try {
            new Template(file.source()).parse();
            report.ok(TEMPLATE, "%s can be read as a template".formatted(file.source()));
        } catch (ProviderException e) {
            report.fail(
                    TEMPLATE,
                    String.valueOf(e.getMessage()),
                    "mend what it names; the file stays as it was until then");
        }
    }

    /** A file is replaced by another one beside it: its folder is what must take it. */
    private static void target(Report report, TemplateConfig file) {
        Path target = file.target();
        Path parent = Optional.ofNullable(target.getParent()).orElse(Path.of("/"));
        String user = System.getProperty("user.name");
        if (!Files.isDirectory(parent)) {
            report.fail(
                    TARGET,
                    "%s.conf: the folder of %s is not there".formatted(file.name(), target),
                    "mkdir -p %s".formatted(parent));
        } else if (Files.isDirectory(target)) {
            report.fail(
                    TARGET,
                    "%s.conf: %s is a folder".formatted(file.name(), target),
                    "name a file in it: target = %s/NAME".formatted(target));
        } else if (!Files.isWritable(parent)) {
            report.fail(
                    TARGET,
                    "%s.conf: user '%s' cannot write in %s, where %s is replaced"
                            .formatted(file.name(), user, parent, target.getFileName()),
                    "run the watcher, and muster doctor, as a user who may (sudo muster doctor)");
        } else {
            report.ok(TARGET, "%s can be replaced".formatted(target));
        }
    }

    private void command(Report report, TemplateConfig file, String key, List<String> command) {
        if (command.isEmpty()) {
            return;
        }
        String program = command.getFirst();
        if (isProgram.test(program)) {
            report.ok(COMMAND, "%s.conf: %s by '%s'".formatted(file.name(), key, ProgramRun.call(command)));
        } else {
            report.fail(
                    COMMAND,
                    "%s.conf: there is no program '%s' for its %s".formatted(file.name(), program, key),
                    "install it, or name another one: %s = PROGRAM ARGUMENT...".formatted(key));
        }
    }
}

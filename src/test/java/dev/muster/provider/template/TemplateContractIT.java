package dev.muster.provider.template;

import dev.muster.model.Target;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The contract against real files. */
class TemplateContractIT extends ProviderContract {

    @TempDir
    private static Path parent;

    private static int tests;

    private TemplateFolderOf templates = new TemplateFolderOf(parent);
    private Path file = parent;

    @Override
    protected Provider open() throws Exception {
        if (file.equals(parent)) {
            templates = new TemplateFolderOf(Files.createDirectory(parent.resolve("test" + ++tests)));
            file = templates.file(
                    "all.json", TemplateFolderOf.EVERYTHING, List.of("test", "-s", "{file}"), templates.noting("runs"));
        }
        return templates.open();
    }

    @Override
    protected Object writesSoFar() throws Exception {
        List<Object> all = new ArrayList<>(List.of(templates.runs("runs")));
        for (Path one : List.of(file, templates.folder.resolve("state/one.json"))) {
            all.add(Files.exists(one) ? Files.readAttributes(one, "unix:ino,lastModifiedTime") : "none");
        }
        return all;
    }

    @Override
    protected void spoilByHand(String service, Target target) throws Exception {
        Files.writeString(file, Files.readString(file).replace(target.toString(), "10.9.9.9:9"));
    }
}

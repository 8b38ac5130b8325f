package dev.muster.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something in a file's folder changes: many editors put a new file in the old one's place, so the file itself
 * is no good to watch. A folder that cannot be watched is no loss, since the file is read at each resync too.
 */
public final class FileWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final WatchService service;
    private final Runnable changed;

    private FileWatch(WatchService service, Runnable changed) {
        this.service = service;
        this.changed = changed;
    }

    /** @param changed told on a thread of its own; must return at once */
    public static FileWatch of(Path file, Runnable changed) throws IOException {
        FileWatch watch = new FileWatch(file.getFileSystem().newWatchService(), changed);
        Path folder = file.toAbsolutePath().resolveSibling("");
        try {
            folder.register(
                    watch.service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            log.warn("{} cannot be watched ({}); {} is read at each resync", folder, e.getMessage(), file);
        }
        Thread.ofPlatform().name("static-file").daemon().start(watch::run);
        return watch;
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                changed.run();
                if (!key.reset()) {
                    return; // the folder is gone
                }
            }
        } catch (ClosedWatchServiceException e) {
            log.debug("no longer watched", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

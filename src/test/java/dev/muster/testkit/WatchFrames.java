package dev.muster.testkit;

import io.etcd.jetcd.api.WatchResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Predicate;

/** Picks the HTTP/2 frames that carry an answer of etcd's watch; the others that look alike have no watch's fields. */
public final class WatchFrames {

    /** Of an HTTP/2 frame, and of a gRPC message in it. */
    private static final int HEADERS = 9 + 5;

    private WatchFrames() {}

    public static Predicate<byte[]> of(Predicate<WatchResponse> which) {
        return frame -> {
            if (frame[3] != 0 || frame.length <= HEADERS) {
                return false;
            }
            try {
                byte[] message = Arrays.copyOfRange(frame, HEADERS, frame.length);
                return which.test(WatchResponse.parseFrom(message));
            } catch (IOException e) {
                return false;
            }
        };
    }
}

package dev.muster.registry.etcd;

import dev.muster.registry.RegistryException;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What jetcd and gRPC throw, in plain words. */
final class EtcdErrors {

    private EtcdErrors() {}

    /** @param what was asked, such as {@code read /services/} */
    static RegistryException plain(String what, Throwable thrown) {
        Throwable cause = root(thrown);
        return new RegistryException(what + ": " + words(cause), cause);
    }

    /** Whether the failure says that the connection is of no use, rather than that etcd refused. */
    static boolean isConnectionLost(Throwable thrown) {
        return switch (code(root(thrown))) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL, UNKNOWN -> true;
            default -> false;
        };
    }

    /** Whether etcd has answered that this user may not, or that it wants one. */
    static boolean isRefusal(RegistryException failure) {
        Throwable cause = failure.getCause() == null ? failure : root(failure.getCause());
        return switch (code(cause)) {
            case PERMISSION_DENIED, UNAUTHENTICATED -> true;
            case INVALID_ARGUMENT -> message(cause).contains("user name is empty");
            default -> false;
        };
    }

    /** Whether the revision that was asked for has been compacted away. */
    static boolean isCompacted(Throwable thrown) {
        Throwable cause = root(thrown);
        return cause instanceof CompactedException
                || (code(cause) == Status.Code.OUT_OF_RANGE && message(cause).contains("compacted"));
    }

    /** Whether the answer was larger than this client takes. */
    static boolean isTooLarge(Throwable thrown) {
        Throwable cause = root(thrown);
        return code(cause) == Status.Code.RESOURCE_EXHAUSTED && message(cause).contains("exceeds maximum");
    }

    private static String words(Throwable cause) {
        return switch (code(cause)) {
            case UNAVAILABLE -> unreached(cause);
            case DEADLINE_EXCEEDED -> "etcd did not answer in time";
            case PERMISSION_DENIED -> "etcd refuses: this user may not do that";
            case UNAUTHENTICATED -> "etcd refuses: user or password is wrong, or missing";
            case RESOURCE_EXHAUSTED ->
                message(cause).contains("space")
                        ? "etcd has no space left and takes no writes (%s)".formatted(message(cause))
                        : message(cause);
            default -> isCut(cause) ? unreached(cause) : saidBy(cause);
        };
    }

    /** The transport's word for a call that was under way when its connection broke. */
    private static boolean isCut(Throwable cause) {
        return innermost(cause).endsWith("channel closed");
    }

    private static String unreached(Throwable cause) {
        return "etcd cannot be reached (%s)".formatted(innermost(cause));
    }

    private static Status.Code code(Throwable cause) {
        if (cause instanceof EtcdException etcd && etcd.getErrorCode() != null) {
            return Status.Code.valueOf(etcd.getErrorCode().name());
        }
        return Status.fromThrowable(cause).getCode();
    }

    private static Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return message(cause);
    }

    private static String saidBy(Throwable cause) {
        return message(cause).isEmpty() ? cause.getClass().getSimpleName() : message(cause);
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? "" : cause.getMessage();
    }
}

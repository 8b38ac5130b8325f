package dev.muster.registry.etcd;

import dev.muster.registry.RegistryException;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/** What jetcd and gRPC throw, in plain words. */
final class EtcdErrors {

    private static final String REFUSES = "etcd refuses: ";
    private static final String CUT = "channel closed";

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

    /** Whether etcd has answered that this user may not, or is nobody whom it knows. */
    static boolean isRefusal(RegistryException failure) {
        return cause(failure).startsWith(REFUSES);
    }

    /** What is wrong, whatever was asked: {@code etcd did not answer in time}. */
    static String cause(RegistryException failure) {
        return words(failure.getCause() == null ? failure : root(failure.getCause()));
    }

    /** Whether etcd has answered that it does not know who asks. */
    static boolean isNobody(Throwable thrown) {
        return words(root(thrown)).startsWith(REFUSES) && !isDenied(thrown);
    }

    /** Whether this user may not do that. */
    static boolean isDenied(Throwable thrown) {
        return code(root(thrown)) == Status.Code.PERMISSION_DENIED;
    }

    /** Whether etcd no longer knows the token that it gave, or users have changed since: another token will do. */
    static boolean isSessionOver(Throwable thrown) {
        Throwable cause = root(thrown);
        return message(cause).contains("invalid auth token") || message(cause).contains("auth store is old");
    }

    /** Whether the client was closed before it was asked, so that nothing was sent. */
    static boolean isUnsent(Throwable thrown) {
        return root(thrown) instanceof RejectedExecutionException;
    }

    /** Whether it is certain that what was asked was not done: etcd has refused it, or it never got that far. */
    static boolean isUndone(Throwable thrown) {
        Throwable cause = root(thrown);
        return switch (code(cause)) {
            case PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    INVALID_ARGUMENT,
                    FAILED_PRECONDITION,
                    RESOURCE_EXHAUSTED,
                    NOT_FOUND,
                    OUT_OF_RANGE -> true;
            default -> isUnsent(cause) || isUnconnected(cause);
        };
    }

    private static boolean isUnconnected(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return true;
            }
        }
        return false;
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
            case PERMISSION_DENIED -> REFUSES + "this user may not do that";
            case UNAUTHENTICATED -> REFUSES + "it does not know who asks (%s)".formatted(message(cause));
            case INVALID_ARGUMENT, FAILED_PRECONDITION -> aboutUsers(message(cause));
            case RESOURCE_EXHAUSTED ->
                message(cause).contains("space")
                        ? "etcd has no space left and takes no writes (%s)".formatted(message(cause))
                        : message(cause);
            default -> isCut(cause) ? unreached(cause) : saidBy(cause);
        };
    }

    private static String aboutUsers(String said) {
        if (said.contains("invalid user ID or password")) {
            return REFUSES + "user or password is wrong";
        }
        if (said.contains("user name is empty")) {
            return REFUSES + "it wants a user (--etcd-user)";
        }
        if (said.contains("authentication is not enabled")) {
            return REFUSES + "it has no authentication yet, and --etcd-user is given";
        }
        return said;
    }

    /** The transport's word for a call that was under way when its connection broke. */
    private static boolean isCut(Throwable cause) {
        return innermost(cause).equals(CUT);
    }

    /** This program's own doing, when another member had to be taken. */
    private static boolean isGivenUp(Throwable cause) {
        return innermost(cause).matches(".*shutdown(Now)? invoked");
    }

    private static String unreached(Throwable cause) {
        String said = innermost(cause);
        if (isGivenUp(cause)) {
            return "the member of etcd that was asked does not answer, another one is asked from now on";
        }
        if (said.contains("certification path") || said.contains("trust anchors")) {
            return "etcd cannot be reached (nobody in --etcd-ca vouches for its certificate)";
        }
        if (said.contains("fatal alert") && said.contains("certificate")) {
            return "etcd cannot be reached (it wants a certificate that it trusts, --etcd-cert: %s)".formatted(said);
        }
        return "etcd cannot be reached (%s)".formatted(said);
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
        return code(cause) == Status.Code.UNAUTHENTICATED ? authentication(cause) : cause;
    }

    /** Why it was not possible to authenticate: the library says only that it was not. */
    private static Throwable authentication(Throwable failure) {
        Throwable why = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException || cause instanceof StatusException) {
                why = cause;
            }
        }
        return why;
    }

    /** What the innermost cause says, of those that say anything. */
    private static String innermost(Throwable thrown) {
        String said = "";
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            said = message(cause).isEmpty() ? said : description(cause);
        }
        return said;
    }

    private static String description(Throwable cause) {
        String described = cause instanceof StatusRuntimeException status
                ? status.getStatus().getDescription()
                : null;
        return described == null ? message(cause) : described;
    }

    private static String saidBy(Throwable cause) {
        return message(cause).isEmpty() ? cause.getClass().getSimpleName() : message(cause);
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? "" : cause.getMessage();
    }
}

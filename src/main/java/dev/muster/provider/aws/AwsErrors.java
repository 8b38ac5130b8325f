package dev.muster.provider.aws;

import dev.muster.provider.aws.AwsException.Kind;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What the errors of every API mean for whoever called.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html">Common errors</a>
 */
public final class AwsErrors {

    private static final Set<String> THROTTLED = Set.of(
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "TooManyRequestsException",
            "SlowDown");
    private static final Set<String> RETRY = Set.of("PriorRequestNotComplete", "ServiceUnavailable", "Unavailable");
    private static final Set<String> DENIED = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "NotAuthorized",
            "OptInRequired",
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "MissingAuthenticationToken",
            "IncompleteSignature",
            "SignatureDoesNotMatch",
            "InvalidSignatureException");
    private static final Set<String> GONE =
            Set.of("NoSuchHostedZone", "NoSuchChange", "TargetGroupNotFound", "LoadBalancerNotFound");

    private AwsErrors() {}

    /** @param call what was called, for people */
    public static AwsException of(String call, SdkException e) {
        if (e instanceof AwsServiceException answer) {
            AwsErrorDetails said = answer.awsErrorDetails();
            String code = said == null || said.errorCode() == null ? "status " + answer.statusCode() : said.errorCode();
            Kind kind = kind(answer.statusCode(), code);
            // What AWS says of a wrong signature repeats the request's headers, and one of them is a secret.
            boolean telling = kind != Kind.DENIED || code.startsWith("AccessDenied");
            String more = said == null || said.errorMessage() == null || !telling ? "" : ": " + said.errorMessage();
            return new AwsException(kind, "%s: %s%s".formatted(call, code, more), e);
        }
        String words = String.valueOf(e.getMessage());
        for (String none : List.of(StoredCredentials.NONE, SendableCredentials.NONE)) {
            if (words.startsWith(none)) {
                return new AwsException(Kind.DENIED, call + ": no credentials: " + words.substring(none.length()), e);
            }
        }
        if (e instanceof SdkClientException && nobody(e)) {
            return new AwsException(Kind.DENIED, call + ": no credentials are found for it", e);
        }
        boolean late = e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException;
        return new AwsException(
                Kind.LOST, "%s: %s".formatted(call, late ? "no answer within --aws-timeout" : reason(e)), e);
    }

    static Kind kind(int status, String code) {
        if (THROTTLED.contains(code) || status == 429) {
            return Kind.THROTTLED;
        }
        if (RETRY.contains(code)) {
            return Kind.RETRY;
        }
        if (DENIED.contains(code) || status == 401 || status == 403) {
            return Kind.DENIED;
        }
        if (GONE.contains(code)) {
            return Kind.GONE;
        }
        // A failure inside AWS, or in a proxy before it, may come after the effect; 503 says that it was not begun.
        return status == 503 ? Kind.RETRY : status >= 500 ? Kind.LOST : Kind.REFUSED;
    }

    private static boolean nobody(Throwable e) {
        return String.valueOf(e.getMessage()).contains("Unable to load credentials");
    }

    /** The innermost cause, which says what happened to the connection. */
    private static String reason(Throwable e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage();
    }
}

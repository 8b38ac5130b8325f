package dev.muster.provider.aws;

import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials of which each part can stand in a request's header. One that cannot, such as a token that was copied with the end
 * of a line in it, would be repeated in the words of whoever refuses that header.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html">AccessKey</a>
 */
final class SendableCredentials implements AwsCredentialsProvider, SdkAutoCloseable {

    /** How what it says begins; what follows names the part and what is allowed. */
    static final String NONE = "Unable to load credentials that can be sent: ";

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    private final AwsCredentialsProvider source;

    SendableCredentials(AwsCredentialsProvider source) {
        this.source = source;
    }

    @Override
    public AwsCredentials resolveCredentials() {
        AwsCredentials found = source.resolveCredentials();
        check("access key id", found.accessKeyId(), WORD, "letters, digits and '_'");
        check("secret access key", found.secretAccessKey(), VISIBLE, "visible characters of ASCII");
        if (found instanceof AwsSessionCredentials session) {
            check("session token", session.sessionToken(), VISIBLE, "visible characters of ASCII");
        }
        return found;
    }

    private static void check(String part, String text, Pattern allowed, String words) {
        if (!allowed.matcher(text).matches()) {
            throw SdkClientException.create(
                    NONE + "the %s that was found has other characters; allowed are %s".formatted(part, words));
        }
    }

    @Override
    public void close() {
        if (source instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }
}

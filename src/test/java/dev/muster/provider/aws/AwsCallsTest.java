package dev.muster.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.provider.aws.AwsException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsCallsTest {

    private final AtomicLong now = new AtomicLong();
    private final List<Duration> pauses = new ArrayList<>();
    private final AwsCalls calls = new AwsCalls(new TokenBucket(100, 100, now::get), new Random(1), pause -> {
        pauses.add(pause);
        now.addAndGet(pause.toNanos());
    });

    private static AwsServiceException answer(int status, String code) {
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("secret-token")
                        .build())
                .build();
    }

    /** Fails so often, then answers. */
    private static Supplier<String> failing(RuntimeException with, AtomicInteger made, int times) {
        return () -> {
            if (made.incrementAndGet() <= times) {
                throw with;
            }
            return "done";
        };
    }

    @ParameterizedTest
    @CsvSource({
        "400, Throttling, THROTTLED",
        "400, ThrottlingException, THROTTLED",
        "429, Anything, THROTTLED",
        "400, PriorRequestNotComplete, RETRY",
        "503, ServiceUnavailable, RETRY",
        "503, Anything, RETRY",
        "500, InternalFailure, LOST",
        "502, Anything, LOST",
        "400, InvalidChangeBatch, REFUSED",
        "400, InvalidInput, REFUSED",
        "404, NoSuchHostedZone, GONE",
        "403, AccessDenied, DENIED",
        "403, ExpiredToken, DENIED",
        "403, SignatureDoesNotMatch, DENIED",
        "403, Anything, DENIED",
        "400, RequestExpired, DENIED"
    })
    void errors_are_sorted(int status, String code, Kind kind) {
        assertThat(AwsErrors.kind(status, code)).isEqualTo(kind);
        assertThat(AwsErrors.of("call", answer(status, code)).kind()).isEqualTo(kind);
    }

    @Test
    void what_has_no_answer_is_lost() {
        AwsException lost = AwsErrors.of(
                "GetChange", SdkClientException.create("no", new java.net.SocketTimeoutException("Read timed out")));
        assertThat(lost.kind()).isEqualTo(Kind.LOST);
        assertThat(lost).hasMessage("GetChange: Read timed out");
        AwsException late = AwsErrors.of("GetChange", ApiCallTimeoutException.create(3000));
        assertThat(late.kind()).isEqualTo(Kind.LOST);
        assertThat(late).hasMessage("GetChange: no answer within --aws-timeout");
    }

    @Test
    void what_a_refused_caller_is_told_is_not_repeated() {
        // A wrong signature's message repeats the request's headers, among them the session's token.
        assertThat(AwsErrors.of("call", answer(403, "SignatureDoesNotMatch")))
                .hasMessage("call: SignatureDoesNotMatch");
        assertThat(AwsErrors.of("call", answer(403, "AccessDenied"))).hasMessageContaining("secret-token");
    }

    @Test
    void a_call_that_came_too_soon_is_made_again_after_a_growing_pause() throws Exception {
        AtomicInteger made = new AtomicInteger();
        assertThat(calls.write("w", () -> true, failing(answer(400, "Throttling"), made, 4)))
                .isEqualTo("done");
        assertThat(made).hasValue(5);
        assertThat(calls.throttled()).isEqualTo(4);
        assertThat(pauses).hasSize(4).isSortedAccordingTo(Duration::compareTo);
        assertThat(pauses.getLast()).isBetween(Duration.ofMillis(800), Duration.ofMillis(1600));
    }

    @Test
    void a_lost_write_is_never_repeated_and_a_lost_read_once() {
        AtomicInteger made = new AtomicInteger();
        assertThatThrownBy(() -> calls.write("w", () -> true, failing(answer(500, "InternalFailure"), made, 9)))
                .isInstanceOf(AwsException.class);
        assertThat(made).hasValue(1);
        assertThatThrownBy(() -> calls.read("r", failing(answer(500, "InternalFailure"), made, 9)))
                .isInstanceOf(AwsException.class);
        assertThat(made).hasValue(3);
    }

    @Test
    void a_write_is_not_begun_once_it_may_not_be() {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> calls.write(
                        "w",
                        () -> asked.incrementAndGet() < 3,
                        failing(answer(400, "PriorRequestNotComplete"), made, 9)))
                .hasMessageContaining("not begun");
        assertThat(made).hasValue(2);
    }

    @Test
    void no_more_calls_than_the_rate_allows() {
        TokenBucket bucket = new TokenBucket(5, 5, now::get);
        long began = now.get();
        for (int call = 0; call < 30; call++) {
            now.addAndGet(bucket.take().toNanos());
        }
        // 5 at once, and 25 at five a second.
        assertThat(Duration.ofNanos(now.get() - began)).isBetween(Duration.ofMillis(5000), Duration.ofMillis(5001));
        now.addAndGet(Duration.ofHours(1).toNanos());
        for (int call = 0; call < 5; call++) {
            assertThat(bucket.take()).isZero();
        }
        assertThat(bucket.take()).isPositive();
    }
}

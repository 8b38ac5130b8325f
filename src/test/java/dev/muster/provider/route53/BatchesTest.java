package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private static final Zone ZONE = new Zone("Z1", new DnsName("example.com"), false);

    private static NameChange change(int number, int values, int length) {
        DnsName name = new DnsName("n%05d.example.com".formatted(number));
        List<String> texts = IntStream.range(0, values)
                .mapToObj(value -> "%05d".formatted(value) + "x".repeat(length - 5))
                .toList();
        return new NameChange(
                ZONE, name, List.of("s"), List.of(RecordChange.create(RecordSet.simple(name, "A", 60, texts))));
    }

    private static void areWithinTheLimits(List<NameChange> changes) {
        List<List<NameChange>> batches = Batches.of(changes);
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(changes);
        for (List<NameChange> batch : batches) {
            assertThat(batch.stream().mapToInt(NameChange::records).sum()).isLessThanOrEqualTo(998);
            assertThat(batch.stream().mapToInt(NameChange::characters).sum()).isLessThanOrEqualTo(31_600);
        }
        double records = changes.stream().mapToInt(NameChange::records).sum() / (double) Batches.RECORDS;
        double characters = changes.stream().mapToInt(NameChange::characters).sum() / (double) Batches.CHARACTERS;
        int fewest = (int) Math.ceil(Math.max(records, characters));
        assertThat(batches.size()).isLessThanOrEqualTo(Math.max(fewest, (int) Math.floor(fewest * 1.1)));
    }

    @Test
    void a_thousand_names_go_in_as_few_batches_as_the_limits_allow() {
        areWithinTheLimits(
                IntStream.range(0, 1000).mapToObj(n -> change(n, 4, 30)).toList());
        areWithinTheLimits(
                IntStream.range(0, 1000).mapToObj(n -> change(n, 2, 100)).toList());
    }

    @Test
    void names_of_any_size_go_in_batches_within_a_tenth_of_the_fewest() {
        Random random = new Random(7);
        for (int run = 0; run < 50; run++) {
            List<NameChange> changes = new ArrayList<>();
            for (int n = 0; n < 600; n++) {
                changes.add(change(n, 2 + random.nextInt(30), 10 + random.nextInt(60)));
            }
            areWithinTheLimits(changes);
        }
    }

    @Test
    void nothing_takes_no_batch() {
        assertThat(Batches.of(List.of())).isEmpty();
    }
}

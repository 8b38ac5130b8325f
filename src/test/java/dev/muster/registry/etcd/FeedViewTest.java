package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.muster.reconcile.Time;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FeedViewTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(FeedView.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final SampleStore store = new SampleStore();
    private final FeedView view = new FeedView(Time.system());
    private CatalogFold fold = CatalogFold.nothing(store.keys);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
        view.publish(fold, 0);
        view.synced();
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
    }

    private void step(Consumer<SampleStore.Transaction> body) {
        fold = fold.apply(store.revision() + 1, store.transaction(body));
        view.publish(fold, 0);
    }

    private List<String> said() {
        List<String> said =
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        lines.list.clear();
        return said;
    }

    @Test
    void whatIsSetAsideIsSaidOnceHoweverOftenItComesAndGoes() {
        step(transaction -> transaction.put("/services/web/a/b/c", "1"));
        assertThat(said())
                .containsExactly("entries set aside: 1, of them new: 1, the first is /services/web/a/b/c: this key has"
                        + " no meaning in any layout; muster ls --rejected lists them");
        step(transaction -> transaction.put("/services/web/a/b/c", "2"));
        step(transaction -> transaction.put("/services/web/dns_ttl", "60"));
        assertThat(said()).as("changes of it and of others").isEmpty();
        step(transaction -> {
            transaction.put("/services/web/a/b/d", "1");
            transaction.put("/services/web/a/b/\u001b[31m", "1");
        });
        assertThat(said()).singleElement().asString().startsWith("entries set aside: 3, of them new: 2, the first is ");
        step(transaction -> store.below("/services/web/a/").forEach(key -> transaction.delete(key.key())));
        assertThat(said()).containsExactly("no entry is set aside any more");
        for (int i = 0; i < 3; i++) {
            step(transaction -> transaction.put("/services/web/a/b/c", "1"));
            step(transaction -> transaction.delete("/services/web/a/b/c"));
        }
        assertThat(said())
                .as("an old script's entry is half written again and again")
                .isEmpty();
    }

    @Test
    void eachCauseOfAnOutageIsToldOnceWhateverWasAskedAndItsEnd() {
        view.lost("read: refused", "refused");
        view.lost("read: refused", "refused");
        view.lost("read: a wrong certificate", "a wrong certificate");
        view.lost("watch: a wrong certificate", "a wrong certificate");
        view.lost("watch: refused", "refused");
        assertThat(view.trouble()).contains("watch: refused");
        assertThat(said())
                .containsExactly(
                        "the registry cannot be followed, what is known of it stays: read: refused",
                        "the registry still cannot be followed: read: a wrong certificate");
        view.synced();
        view.synced();
        assertThat(said()).containsExactly("the registry is followed again");
        view.lost("watch: a wrong certificate", "a wrong certificate");
        assertThat(said())
                .containsExactly(
                        "the registry cannot be followed, what is known of it stays: watch: a wrong certificate");
        for (int i = 0; i < 100; i++) {
            view.lost("reason " + i, "reason " + i);
        }
        assertThat(said()).hasSizeLessThan(10);
    }

    @Test
    void aKeyCannotSteerTheTerminalThatShowsTheLog() {
        step(transaction -> transaction.put("/services/web/a/b/\u001b[31m", "1"));
        assertThat(said()).singleElement().asString().contains("/services/web/a/b/\\u001b[31m:");
    }
}

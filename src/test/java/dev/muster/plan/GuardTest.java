package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the guard does, case by case. {@link Scene} says how the columns are read; '' is nothing. */
class GuardTest {

    private static final Map<String, String> WORDS = Map.of(
            "sync", "out of sync",
            "settling", "settling until",
            "probed", "being probed",
            "passes", "check passes",
            "accepts", "accepts connections",
            "unread", "could not be read",
            "atLeast", "at least");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        # what must hold                                   | in target     | catalog    | goodbyes | probes                              | given           | becomes       | held                               | gone
        # -- nothing is missing
        nothing at all stays nothing                       | ''            | ''         | ''       | ''                                  | ''              | ''            | ''                                 | ''
        a newcomer is added                                | a             | a b        | ''       | ''                                  | ''              | a b           | ''                                 | ''
        what is there stays                                | a b           | a b        | ''       | ''                                  | ''              | a b           | ''                                 | ''
        additions pass while unsynced                      | a             | a b        | ''       | ''                                  | unsynced        | a b           | ''                                 | ''
        one that comes back is held no more                | a b-20        | a b        | ''       | b:silent                            | ''              | a b           | ''                                 | ''
        a goodbye of one that is registered means nothing  | a b           | a b        | b        | ''                                  | ''              | a b           | ''                                 | ''
        # -- announced departures
        a goodbye goes at once                             | a b           | a          | b        | ''                                  | ''              | a             | ''                                 | b:announced
        even the last one goes by its goodbye              | a             | ''         | a        | ''                                  | ''              | ''            | ''                                 | a:announced
        all of them go by their goodbyes                   | a b c d       | ''         | a b c d  | ''                                  | ''              | ''            | ''                                 | a:announced b:announced c:announced d:announced
        a goodbye goes while unsynced                      | a b           | a          | b        | ''                                  | unsynced        | a             | ''                                 | b:announced
        a goodbye goes without the sizes                   | a b           | a          | b        | ''                                  | unread          | a             | ''                                 | b:announced
        a goodbye goes although it answers                 | a b           | a          | b        | b:check                             | ''              | a             | ''                                 | b:announced
        a goodbye of another run is none                   | a b           | a          | b#2      | ''                                  | ''              | a b           | b:probed                           | ''
        a goodbye counts where no run is known             | a b#?         | a          | b#2      | ''                                  | ''              | a             | ''                                 | b:announced
        but not while unsynced, since it may be an old one | a b#?         | a          | b#2      | ''                                  | unsynced        | a b           | b:sync                             | ''
        a late goodbye ends a hold                         | a b-20        | a          | b        | b:check                             | ''              | a             | ''                                 | b:announced
        while settling an answer outweighs a goodbye       | a b           | a          | b        | b:tcp                               | settling        | a b           | b:settling                         | ''
        while settling a goodbye is probed                 | a b           | a          | b        | ''                                  | settling        | a b           | b:settling                         | ''
        while settling a silent goodbye goes               | a b           | a          | b        | b:silent                            | settling        | a             | ''                                 | b:announced
        # -- replacements
        an instance at a new endpoint leaves the old one   | a b           | a b@y      | ''       | b:check                             | ''              | a b@y         | ''                                 | b:replaced
        a held one at a new endpoint leaves the old one    | a b-20        | a b@y      | ''       | b:check                             | ''              | a b@y         | ''                                 | b:replaced
        an endpoint that another instance has is its       | a b           | a c@b      | ''       | ''                                  | ''              | a c@b         | ''                                 | ''
        a held one yields its endpoint to another          | a b-20        | a c@b      | ''       | b:check                             | ''              | a c@b         | ''                                 | ''
        two that swap endpoints stay                       | a b           | a@b b@a    | ''       | ''                                  | ''              | b@a a@b       | ''                                 | ''
        a replacement goes while unsynced                  | a b           | a b@y      | ''       | ''                                  | unsynced        | a b@y         | ''                                 | b:replaced
        while settling a replacement is probed             | a b           | a b@y      | ''       | ''                                  | settling        | a b b@y       | b:settling                         | ''
        while settling what was replaced may still answer  | a b           | a b@y      | ''       | b:tcp                               | settling        | a b b@y       | b:settling                         | ''
        while settling a silent one that was replaced goes | a b           | a b@y      | ''       | b:silent                            | settling        | a b@y         | ''                                 | b:replaced
        # -- expiries: probed, then half at most
        an expired one is probed first                     | a b           | a          | ''       | ''                                  | ''              | a b           | b:probed                           | ''
        a silent one goes                                  | a b           | a          | ''       | b:silent                            | ''              | a             | ''                                 | b:expired
        one whose check passes is held                     | a b           | a          | ''       | b:check                             | ''              | a b           | b:passes                           | ''
        one whose check passes is held for long            | a b-600       | a          | ''       | b:check                             | ''              | a b           | b:passes                           | ''
        one that accepts connections is held               | a b-20        | a          | ''       | b:tcp                               | ''              | a b           | b:accepts                          | ''
        accepting connections holds for an hour at most    | a b-60        | a          | ''       | b:tcp                               | ''              | a             | ''                                 | b:expired
        accepting connections holds nearly an hour         | a b-59        | a          | ''       | b:tcp                               | ''              | a b           | b:accepts                          | ''
        the last one never goes by expiry                  | a             | ''         | ''       | a:silent                            | ''              | a             | a:atLeast                          | ''
        two of four go                                     | a b c d       | a b        | ''       | c:silent d:silent                   | ''              | a b           | ''                                 | c:expired d:expired
        half stays, rounded up                             | a b c d e     | a b        | ''       | c:silent d:silent e:silent          | ''              | a b e         | e:atLeast                          | c:expired d:expired
        half of those stay when all have expired           | a b c d       | ''         | ''       | a:silent b:silent c:silent d:silent | ''              | c d           | c:atLeast d:atLeast                | a:expired b:expired
        the longest missing goes first                     | a-5 b-9 c-7 d | d          | ''       | a:silent b:silent c:silent          | ''              | a d           | a:atLeast                          | b:expired c:expired
        the silent goes before what accepts connections    | a-90 b-5      | ''         | ''       | a:tcp b:silent                      | ''              | a             | a:atLeast                          | b:expired
        those that answer count among those that stay      | a b c d       | ''         | ''       | a:check b:tcp c:silent d:silent     | ''              | a b           | a:passes b:accepts                 | c:expired d:expired
        the hour's largest size counts, not today's        | a b           | a          | ''       | b:silent                            | hour:4          | a b           | b:atLeast                          | ''
        a size of more than an hour ago counts no more     | a b           | a          | ''       | b:silent                            | hour:4-70       | a             | ''                                 | b:expired
        a size that ended within the hour counts           | a b           | a          | ''       | b:silent                            | hour:4-50       | a b           | b:atLeast                          | ''
        newcomers free the held                            | a-20 b-20     | c d        | ''       | a:silent b:silent                   | hour:4          | c d           | ''                                 | a:expired b:expired
        a goodbye lowers the size that counts              | a b c-20      | a          | b        | c:silent                            | hour:3          | a             | ''                                 | b:announced c:expired
        # -- the registry is not to be trusted
        nothing expires while unsynced                     | a b           | ''         | ''       | a:silent b:silent                   | unsynced        | a b           | a:sync b:sync                      | ''
        nothing expires while settling                     | a b           | ''         | ''       | a:silent b:silent                   | settling        | a b           | a:settling b:settling              | ''
        nothing expires while the sizes are not known      | a b c d       | a b c      | ''       | d:silent                            | unread          | a b c d       | d:unread                           | ''
        a check that fails counts while unsynced           | a b           | a b_       | ''       | ''                                  | unsynced        | a b_          | ''                                 | ''
        # -- a person's release
        a release frees what is held                       | a b-20 c-20   | a          | ''       | b:check c:silent                    | released:bc hour:9 | a             | ''                                 | b:released c:released
        a release frees the last one                       | a-20          | ''         | ''       | a:silent                            | released:a      | ''            | ''                                 | a:released
        a release names what it frees                      | a b-20 c-20   | a          | ''       | b:check c:check                     | released:c      | a b           | b:passes                           | c:released
        a release is for what is held, not for what comes  | a b           | a          | ''       | ''                                  | released:b      | a b           | b:probed                           | ''
        a release does not overrule a registry out of sync | a b-20        | a          | ''       | b:silent                            | released:b unsynced | a b         | b:sync                             | ''
        a release helps where the sizes are not known      | a b-20        | a          | ''       | b:silent                            | released:b unread | a             | ''                                 | b:released
        a release does not overrule a registry that settles | a b-20       | a          | ''       | b:silent                            | released:b settling | a b       | b:settling                         | ''
        a release lowers the size that counts              | a b c-20 d-20 | a b        | ''       | c:check d:silent                    | released:c      | a b           | ''                                 | c:released d:expired
        # -- checks that fail, and drains
        a failing check takes it down                      | a b           | a b_       | ''       | ''                                  | ''              | a b_          | ''                                 | ''
        failing checks of half are believed                | a b c d       | a b c_ d_  | ''       | ''                                  | ''              | a b c_ d_     | ''                                 | ''
        failing checks of most are not                     | a b c         | a b_ c_    | ''       | ''                                  | open            | a b c         | ''                                 | ''
        the only one's failing check is not believed       | a             | a_         | ''       | ''                                  | open            | a             | ''                                 | ''
        paused ones neither count nor are kept             | a b c d       | a b_ c= d= | ''       | ''                                  | ''              | a b_ c_ d_    | ''                                 | ''
        a paused one stays out while checks are overruled  | a b c d       | a b_ c_ d= | ''       | ''                                  | open            | a b c d_      | ''                                 | ''
        draining ones neither count nor are kept           | a b c         | a b_ c~    | ''       | ''                                  | ''              | a b_ c~       | ''                                 | ''
        a held one is nobody's excuse                      | a b c-20      | a b_       | ''       | c:check                             | ''              | a b_ c        | c:passes                           | ''
        a drain takes it out of service                    | a b           | a b~       | ''       | ''                                  | ''              | a b~          | ''                                 | ''
        the last one up stays in service while it drains   | a             | a~         | ''       | ''                                  | last:a          | a             | ''                                 | ''
        the last one up beside others that drain           | a~ b          | a~ b~      | ''       | ''                                  | last:b          | a~ b          | ''                                 | ''
        of two that drain together one stays               | a b           | a~ b~      | ''       | ''                                  | last:a          | a b~          | ''                                 | ''
        the last one up drains once another is up          | a             | a~ b       | ''       | ''                                  | ''              | a~ b          | ''                                 | ''
        a drain that was seen is not taken back            | a~            | a~         | ''       | ''                                  | ''              | a~            | ''                                 | ''
        one that was never up is not the last one up       | ''            | a~         | ''       | ''                                  | ''              | a~            | ''                                 | ''
        the last one up stays beside failing checks        | a b           | a~ b_      | ''       | ''                                  | open last:a     | a b           | ''                                 | ''
        a held one keeps the state it had                  | a b~-20       | a          | ''       | b:check                             | ''              | a b~          | b:passes                           | ''
        """)
    void decides(
            String name,
            String inTarget,
            String catalog,
            String goodbyes,
            String probes,
            String given,
            String becomes,
            String held,
            String gone) {
        SortedMap<Target, Serving> serving = Scene.serving(inTarget);
        List<String> conditions = Scene.words(given);
        Optional<Sizes> sizes = Optional.of(Scene.sizes(
                conditions.stream()
                        .filter(word -> word.startsWith("hour:"))
                        .findFirst()
                        .orElse("hour:" + serving.size()),
                serving.size()));
        Decision decision = Guard.decide(new Facts(
                Scene.NOW,
                !conditions.contains("unsynced"),
                conditions.contains("settling") ? Scene.NOW.plusSeconds(10) : Instant.MIN,
                serving,
                Scene.wanted(catalog),
                Scene.goodbyes(goodbyes),
                Scene.probes(probes),
                conditions.contains("unread") ? Optional.empty() : sizes,
                conditions.stream()
                        .filter(word -> word.startsWith("released:"))
                        .flatMap(word ->
                                word.substring("released:".length()).chars().mapToObj(Character::toString))
                        .collect(Collectors.toMap(Scene::target, letter -> "root@ops1"))));

        assertThat(Scene.show(decision.serving())).isEqualTo(becomes);
        assertThat(decision.holds()).extracting(GuardTest::show).containsExactlyElementsOf(Scene.words(held));
        assertThat(decision.removals()).extracting(GuardTest::show).containsExactlyElementsOf(Scene.words(gone));
        assertThat(decision.failOpen()).as("fail open").isEqualTo(conditions.contains("open"));
        assertThat(decision.last().map(InstanceId::instance))
                .as("last")
                .isEqualTo(conditions.stream()
                        .filter(word -> word.startsWith("last:"))
                        .map(word -> word.substring("last:".length()))
                        .findFirst());
        assertThat(decision.holds()).allSatisfy(hold -> {
            assertThat(decision.serving())
                    .hasEntrySatisfying(
                            hold.target(), one -> assertThat(one.missingSince()).contains(hold.since()));
        });
        assertThat(decision.removals()).noneMatch(removal -> decision.serving().containsKey(removal.target()));
        assertThat(decision.sizes().isPresent()).isEqualTo(!conditions.contains("unread"));
    }

    private static String show(Hold hold) {
        String word = WORDS.entrySet().stream()
                .filter(entry -> hold.why().contains(entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(hold.why());
        return hold.instance().instance() + ":" + word;
    }

    private static String show(Decision.Removal removal) {
        return removal.was().as().instance().instance() + ":"
                + removal.cause().name().toLowerCase(Locale.ROOT);
    }
}

package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final Setting<Duration> TTL = RoleSettings.TTL;
    private static final ConfigFile FILE = file("# comment", "ttl = 30s");

    @Test
    void aFlagBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsTheDefault() {
        Map<String, String> flag = Map.of("ttl", "50s");
        Map<String, String> variable = Map.of("MUSTER_TTL", "40s");

        assertThat(new Settings(flag, variable, FILE).get(TTL)).hasSeconds(50);
        assertThat(new Settings(Map.of(), variable, FILE).get(TTL)).hasSeconds(40);
        assertThat(new Settings(Map.of(), Map.of(), FILE).get(TTL)).hasSeconds(30);
        assertThat(new Settings(Map.of(), Map.of(), ConfigFile.none()).get(TTL)).hasSeconds(10);
    }

    @Test
    void aBadValueIsRefusedBeingNamedByWhereItStands() {
        assertRefused(new Settings(Map.of("ttl", "2s"), Map.of(), FILE), "--ttl '2s': allowed is 3s to 300s");
        assertRefused(
                new Settings(Map.of(), Map.of("MUSTER_TTL", "soon"), FILE),
                "MUSTER_TTL 'soon': allowed is a whole number with a unit, such as 500ms, 10s, 5m or 1h");
        assertRefused(
                new Settings(Map.of(), Map.of(), file("", "ttl = 301s")),
                "/etc/muster.conf:2: ttl '301s': allowed is 3s to 300s");
        assertRefused(
                new Settings(Map.of("ttl", "3500ms"), Map.of(), FILE),
                "--ttl '3500ms': allowed are whole seconds, 3s to 300s");
    }

    @Test
    void aBadValueIsNeverReplacedByOneThatItBeats() {
        Settings settings = new Settings(Map.of("ttl", "never"), Map.of("MUSTER_TTL", "40s"), FILE);

        assertThatThrownBy(() -> settings.get(TTL)).isInstanceOf(UsageException.class);
    }

    @Test
    void anEmptyVariableCountsAsNotGivenAndAnEmptyFlagDoesNot() {
        assertThat(new Settings(Map.of(), Map.of("MUSTER_TTL", ""), FILE).get(TTL))
                .hasSeconds(30);
        assertThatThrownBy(() -> new Settings(Map.of("ttl", ""), Map.of(), FILE).get(TTL))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void theBoundsThemselvesAreAllowed() {
        assertThat(new Settings(Map.of("ttl", "3s"), Map.of(), FILE).get(TTL)).hasSeconds(3);
        assertThat(new Settings(Map.of("ttl", "300s"), Map.of(), FILE).get(TTL)).hasSeconds(300);
        assertThat(RoleSettings.shortTtl(Duration.ofSeconds(5))).isTrue();
        assertThat(RoleSettings.shortTtl(Duration.ofSeconds(6))).isFalse();
    }

    @Test
    void aSwitchMayBeTurnedOffAgainByAFlag() {
        Map<String, String> on = Map.of("MUSTER_OPT_IN", "true");

        assertThat(new Settings(Map.of(), on, FILE).get(AgentSettings.OPT_IN)).isTrue();
        assertThat(new Settings(Map.of("opt-in", "false"), on, FILE).get(AgentSettings.OPT_IN))
                .isFalse();
        assertThatThrownBy(() -> new Settings(Map.of(), Map.of("MUSTER_OPT_IN", "yes"), FILE).get(AgentSettings.OPT_IN))
                .hasMessage("MUSTER_OPT_IN 'yes': allowed are true, false");
    }

    @Test
    void aFileThatIsNotKeyAndValueIsRefusedWithItsLine() {
        Set<String> known = Set.of("ttl", "resync");

        assertThatThrownBy(() -> ConfigFile.parse("f", List.of("ttl = 5s", "resync 1m"), known))
                .hasMessage("f:2: 'resync 1m': allowed is key = value");
        assertThatThrownBy(() -> ConfigFile.parse("f", List.of("resink = 1m"), known))
                .hasMessage("f:1: unknown key 'resink'; did you mean resync?");
        assertThatThrownBy(() -> ConfigFile.parse("f", List.of("colour = red"), known))
                .hasMessage("f:1: unknown key 'colour'");
        assertThatThrownBy(() -> ConfigFile.parse("f", List.of("ttl = 5s", "# once more", "ttl=6s"), known))
                .hasMessage("f:3: key 'ttl' stands in line 1 already");
    }

    private static void assertRefused(Settings settings, String message) {
        assertThatThrownBy(() -> settings.get(TTL))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    private static ConfigFile file(String... lines) {
        return ConfigFile.parse("/etc/muster.conf", List.of(lines), Set.of("ttl"));
    }
}

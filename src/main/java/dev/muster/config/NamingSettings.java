package dev.muster.config;

import dev.muster.model.Template;
import java.util.List;

/** What an agent is told about names and texts, as a person sets it. */
public final class NamingSettings {

    public static final Setting<Template> ID_TEMPLATE = Setting.optional(
            "id-template",
            "TEXT",
            Values::template,
            "an instance's id where no label chooses one, with fields such as %{host} (default: host and container)");

    public static final Setting<Template> LOG_URL_TEMPLATE = Setting.optional(
            "log-url-template",
            "URL",
            NamingSettings::url,
            "where an instance's log is read, for the attribute log_url, with fields such as %{container}");

    public static final Setting<Template> UNIT_FIELD = Setting.optional(
            "unit-field",
            "NAME",
            Values::template,
            "what the field unit says, whatever labels say; may have fields such as %{instance}");

    public static final Setting<Boolean> EC2_METADATA =
            Setting.flag("ec2-metadata", "ask EC2's metadata service (IMDSv2) for this machine's addresses");

    private NamingSettings() {}

    static List<Setting<?>> all() {
        return List.of(EC2_METADATA, ID_TEMPLATE, LOG_URL_TEMPLATE, UNIT_FIELD);
    }

    static NamingConfig from(Settings settings) {
        return new NamingConfig(
                settings.find(ID_TEMPLATE),
                settings.find(LOG_URL_TEMPLATE),
                settings.find(UNIT_FIELD),
                settings.get(EC2_METADATA));
    }

    private static Template url(String text) {
        boolean printable = text.chars().allMatch(c -> c > ' ' && c <= '~');
        if (!printable || !(text.startsWith("http://") || text.startsWith("https://"))) {
            throw new IllegalArgumentException("allowed is a URL that starts with http:// or https://");
        }
        return Values.template(text);
    }
}

package dev.muster.cli;

import dev.muster.config.EtcdSettings;
import dev.muster.config.Setting;
import java.util.ArrayList;
import java.util.List;

/** What every command that reads and prints is told. */
final class ReadSettings {

    static final Setting<Boolean> JSON = Setting.flag("json", "print JSON, for programs");

    private ReadSettings() {}

    static List<Setting<?>> and(Setting<?>... more) {
        List<Setting<?>> all = new ArrayList<>(List.of(more));
        all.add(JSON);
        all.addAll(EtcdSettings.all());
        return all;
    }
}

package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.doctor.Finding;
import dev.muster.doctor.Level;
import java.util.List;

/** What a doctor has found, for programs. The shape is promised: members are added, never renamed. */
final class DoctorJson {

    private DoctorJson() {}

    static ObjectNode of(List<Finding> findings) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("healthy", count(findings, Level.FAIL) == 0);
        for (Level level : Level.values()) {
            object.put(level.text(), count(findings, level));
        }
        ArrayNode array = object.putArray("findings");
        findings.forEach(finding -> array.addObject()
                .put("area", finding.area().text())
                .put("check", finding.check())
                .put("level", finding.level().text())
                .put("seen", finding.seen())
                .put("mend", finding.mend()));
        return object;
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }
}

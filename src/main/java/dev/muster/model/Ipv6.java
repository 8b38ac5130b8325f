package dev.muster.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** IPv6 literals, each in its one canonical form (RFC 5952), so that equal addresses are equal texts. */
final class Ipv6 {

    private static final int GROUPS = 8;
    private static final int LONGEST = 39;

    private Ipv6() {}

    /** The canonical form; empty for what is no literal, or one with a zone or with an IPv4 address in it. */
    static Optional<String> canonical(String text) {
        int gap = text.indexOf("::");
        if (text.length() > LONGEST || (gap >= 0 && text.indexOf("::", gap + 1) >= 0)) {
            return Optional.empty();
        }
        List<Integer> groups = new ArrayList<>();
        if (!groups(gap < 0 ? text : text.substring(0, gap), groups)) {
            return Optional.empty();
        }
        if (gap >= 0) {
            List<Integer> tail = new ArrayList<>();
            if (!groups(text.substring(gap + 2), tail) || groups.size() + tail.size() >= GROUPS) {
                return Optional.empty();
            }
            while (groups.size() + tail.size() < GROUPS) {
                groups.add(0);
            }
            groups.addAll(tail);
        }
        return groups.size() == GROUPS ? Optional.of(text(groups)) : Optional.empty();
    }

    private static boolean groups(String text, List<Integer> to) {
        if (text.isEmpty()) {
            return true;
        }
        for (String group : text.split(":", -1)) {
            boolean valid = !group.isEmpty()
                    && group.length() <= 4
                    && group.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
            if (!valid) {
                return false;
            }
            to.add(Integer.parseInt(group, 16));
        }
        return true;
    }

    /** The longest run of two zeros or more becomes the gap; the first one of several. */
    private static String text(List<Integer> groups) {
        int gap = 0;
        int length = 1;
        for (int start = 0; start < GROUPS; start++) {
            int end = start;
            while (end < GROUPS && groups.get(end) == 0) {
                end++;
            }
            if (end - start > length) {
                gap = start;
                length = end - start;
            }
        }
        return length == 1
                ? joined(groups)
                : joined(groups.subList(0, gap)) + "::" + joined(groups.subList(gap + length, GROUPS));
    }

    private static String joined(List<Integer> groups) {
        return String.join(":", groups.stream().map(Integer::toHexString).toList());
    }
}

package dev.muster.config;

import dev.muster.model.Addresses;
import dev.muster.model.Name;
import dev.muster.model.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Readers of values. Each throws an IllegalArgumentException whose message says what is allowed. */
final class Values {

    private Values() {}

    static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("allowed are true, false");
        };
    }

    static Function<String, Integer> between(int least, int most) {
        return text -> {
            String allowed = "allowed is a whole number from %d to %d".formatted(least, most);
            if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new IllegalArgumentException(allowed);
            }
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(allowed);
            }
            return number;
        };
    }

    static Function<String, Duration> durationBetween(String least, String most) {
        return text -> {
            Duration duration = Durations.parse(text);
            if (duration.compareTo(Durations.parse(least)) < 0 || duration.compareTo(Durations.parse(most)) > 0) {
                throw new IllegalArgumentException("allowed is %s to %s".formatted(least, most));
            }
            return duration;
        };
    }

    /** For etcd's leases, which are counted in whole seconds. */
    static Function<String, Duration> secondsBetween(String least, String most) {
        Function<String, Duration> range = durationBetween(least, most);
        return text -> {
            Duration duration = range.apply(text);
            if (duration.toMillisPart() != 0) {
                throw new IllegalArgumentException("allowed are whole seconds, %s to %s".formatted(least, most));
            }
            return duration;
        };
    }

    static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
        return text -> {
            List<String> allowed = new ArrayList<>();
            for (E constant : type.getEnumConstants()) {
                String word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
                if (word.equals(text)) {
                    return constant;
                }
                allowed.add(word);
            }
            throw new IllegalArgumentException("allowed are " + String.join(", ", allowed));
        };
    }

    static <T> Function<String, List<T>> listOf(Function<String, T> parser) {
        return text -> {
            List<T> values = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                values.add(parser.apply(part.strip()));
            }
            return List.copyOf(values);
        };
    }

    static Function<String, String> wordOf(Set<String> allowed) {
        return text -> {
            if (!allowed.contains(text)) {
                throw new IllegalArgumentException("allowed is "
                        + String.join(", ", allowed.stream().sorted().toList()) + Suggestion.question(text, allowed));
            }
            return text;
        };
    }

    static String name(String text) {
        if (!Name.isValid(text)) {
            throw new IllegalArgumentException(
                    "allowed are 1 to 128 letters, digits, '.', '_' or '-', with a letter or digit at both ends");
        }
        return text;
    }

    /** An IPv4 address, an IPv6 address, or one of each with a comma between. */
    static String addresses(String text) {
        String[] parts = text.split(",", -1);
        long ipv4 = Arrays.stream(parts).filter(Addresses::isIpv4).count();
        long ipv6 = Arrays.stream(parts).filter(Addresses::isIpv6).count();
        if (ipv4 > 1 || ipv6 > 1 || ipv4 + ipv6 != parts.length) {
            throw new IllegalArgumentException(
                    "allowed is an IPv4 address such as 10.1.2.3, an IPv6 address, or one of each with a comma between");
        }
        return text;
    }

    static Template template(String text) {
        return new Template(text);
    }

    static Path path(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("allowed is the path of a file or folder");
        }
        return Path.of(text).toAbsolutePath().normalize();
    }

    /** A program by its name or path. */
    static String program(String text) {
        if (text.indexOf('/') >= 0) {
            return path(text).toString();
        }
        if (!text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "._+-".indexOf(c) >= 0) || text.isEmpty()) {
            throw new IllegalArgumentException("allowed is the name or the path of a program");
        }
        return text;
    }
}

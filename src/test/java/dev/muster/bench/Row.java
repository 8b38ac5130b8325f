package dev.muster.bench;

import java.util.Locale;

/**
 * One line of the report.
 *
 * @param value in {@code unit}
 * @param goal what is to be reached, in the same unit; NaN where there is none
 */
record Row(String scenario, String figure, double value, String unit, double goal) {

    static Row of(String scenario, String figure, double value, String unit) {
        return new Row(scenario, figure, value, unit, Double.NaN);
    }

    String json() {
        String goalText = Double.isNaN(goal) ? "null" : number(goal);
        return "{\"scenario\":\"%s\",\"figure\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"goal\":%s}"
                .formatted(scenario, figure, number(value), unit, goalText);
    }

    String line() {
        String verdict =
                Double.isNaN(goal) ? "" : (value <= goal ? "reached" : "missed") + " (goal " + number(goal) + ")";
        return String.format(Locale.ROOT, "%-34s %-28s %10s %-6s %s", scenario, figure, number(value), unit, verdict);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}

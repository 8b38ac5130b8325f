package dev.muster.cli;

/**
 * One thing that is not yet in a target as the catalog has it.
 *
 * @param kind what is to be done with it
 * @param subject an instance, the service's name, or what of it is refused
 * @param why in words, for people
 */
record Difference(Kind kind, String subject, String why) {

    /** The signs are those that a person knows from other tools' diffs. */
    enum Kind {
        ADD("+", Terminal.Style.GREEN),
        REMOVE("-", Terminal.Style.RED),
        UPDATE("~", Terminal.Style.YELLOW),
        HOLD("=", Terminal.Style.YELLOW),
        REFUSE("!", Terminal.Style.YELLOW);

        private final String sign;
        private final Terminal.Style style;

        Kind(String sign, Terminal.Style style) {
            this.sign = sign;
            this.style = style;
        }

        String sign() {
            return sign;
        }

        Terminal.Style style() {
            return style;
        }
    }
}

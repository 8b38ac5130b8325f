package dev.muster.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that a service asks for and does not get at one provider.
 *
 * @param what {@code setting server_tls} or {@code route www.example.com}, for instance
 * @param why in words; a record has room for {@value #MOST} characters
 */
public record Refusal(String what, String why) {

    private static final int MOST = 400;

    private static final int FEW = 8;

    public Refusal {
        what = shortened(what);
        why = shortened(why);
    }

    /** As many as a record has room for; of more it says how many there are. */
    public static List<Refusal> few(List<Refusal> all) {
        if (all.size() <= FEW) {
            return List.copyOf(all);
        }
        List<Refusal> few = new ArrayList<>(all.subList(0, FEW - 1));
        few.add(new Refusal("others", "%d more".formatted(all.size() - few.size())));
        return List.copyOf(few);
    }

    private static String shortened(String text) {
        String printable = text.replaceAll("[^ -~]+", " ");
        return printable.length() <= MOST ? printable : printable.substring(0, MOST - 3) + "...";
    }

    @Override
    public String toString() {
        return what + ": " + why;
    }
}

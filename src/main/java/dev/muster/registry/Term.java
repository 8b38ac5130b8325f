package dev.muster.registry;

/**
 * The right to write for a group, from an election to the end of that leader.
 *
 * @param epoch at least 1, above that of every leader before
 * @param version of the leader's key: what is written for the group compares it, so that it is refused once another one leads
 */
public record Term(String group, long epoch, long version) {

    public Term {
        if (epoch < 1) {
            throw new IllegalArgumentException(
                    "epoch '%d' of group '%s': allowed is 1 or more".formatted(epoch, group));
        }
    }
}

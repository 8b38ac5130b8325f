package dev.muster.provider.route53;

/**
 * One step of a batch. There is no third action: one that overwrites whatever stands there would also overwrite what a
 * later leader has written.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_Change.html">Change</a>
 */
record RecordChange(Action action, RecordSet set) {

    enum Action {
        /** Fails where the set differs in anything from the one that stands there, or where none does. */
        DELETE,
        /** Fails where a set of that name, type and identifier stands there. */
        CREATE
    }

    static RecordChange create(RecordSet set) {
        return new RecordChange(Action.CREATE, set);
    }

    static RecordChange delete(RecordSet set) {
        return new RecordChange(Action.DELETE, set);
    }
}

package dev.muster.source;

/**
 * The parts of an image reference that say what a container is: {@code registry:5000/team/shop:1.4@sha256:...} is
 * {@code shop} in version {@code 1.4}.
 *
 * @param baseName the last part of the repository's name; the first 12 digits of an image that was named by its id alone
 * @param tag or empty
 * @param digest of the repository, where the reference has it, or empty
 */
record ImageReference(String baseName, String tag, String digest) {

    private static final String BY_ID = "sha256:";
    private static final int SHORT_ID = 12;

    static ImageReference parse(String reference) {
        if (reference.startsWith(BY_ID)) {
            String id = reference.substring(BY_ID.length());
            return new ImageReference(id.substring(0, Math.min(SHORT_ID, id.length())), "", "");
        }
        int at = reference.indexOf('@');
        String digest = at < 0 ? "" : reference.substring(at + 1);
        String named = at < 0 ? reference : reference.substring(0, at);
        String last = named.substring(named.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        return colon < 0
                ? new ImageReference(last, "", digest)
                : new ImageReference(last.substring(0, colon), last.substring(colon + 1), digest);
    }
}

package dev.muster.provider.route53;

/** A name at which something stands that is not ours, or that is not as it would have to be. */
final class Conflict extends Exception {

    Conflict(String message) {
        super(message);
    }
}

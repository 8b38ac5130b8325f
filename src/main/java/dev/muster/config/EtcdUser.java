package dev.muster.config;

/**
 * Who asks.
 *
 * @param password never part of any text that this program writes
 */
public record EtcdUser(String name, String password) {

    public EtcdUser {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name '': allowed is any but the empty one");
        }
        if (password.isEmpty()) {
            throw new IllegalArgumentException("password: allowed is any but the empty one");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "EtcdUser[name=" + name + "]";
    }
}

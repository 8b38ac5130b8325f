package dev.muster.model;

import java.util.regex.Pattern;

/** The grammar of an alias's key: a whole key in etcd, segments that begin with a slash each. */
public final class AliasKey {

    private static final Pattern GRAMMAR = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._:@+~-]{1,128}){2,16}");
    private static final int LONGEST = 512;

    private AliasKey() {}

    /**
     * Returns {@code key} when it is one.
     *
     * @param field what it is for, said in the error
     * @throws IllegalArgumentException naming the field, the value and what is allowed
     */
    public static String require(String field, String key) {
        if (key.length() > LONGEST || !GRAMMAR.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    ("%s '%s': allowed is a key such as /services/db/db_private_ip: two to 16"
                                    + " parts of letters, digits and ._:@+~-, each after a slash, none of them '.' or '..'")
                            .formatted(field, Name.printable(key)));
        }
        return key;
    }
}

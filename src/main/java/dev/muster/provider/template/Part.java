package dev.muster.provider.template;

import java.util.Optional;

/**
 * The part of a file that is Muster's, between two lines that say so. What stands around it is a person's and stays byte for
 * byte.
 */
record Part(String name) {

    /** @return what stands between the lines; empty where there is no such part */
    Optional<String> in(String file) {
        int begin = lineAt(file, begin());
        int end = begin < 0 ? -1 : file.indexOf("\n" + end() + "\n", begin + begin().length());
        if (end < 0) {
            return Optional.empty();
        }
        return Optional.of(file.substring(begin + begin().length() + 1, end + 1));
    }

    /** With an end to its last line. */
    static String ended(String text) {
        return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    }

    /** The file with this text in its part, which is put at the file's end where there is none. */
    String with(String file, String text) {
        String part = begin() + "\n" + ended(text) + end() + "\n";
        Optional<String> before = in(file);
        if (before.isEmpty()) {
            return ended(file) + part;
        }
        int begin = lineAt(file, begin());
        int after = begin + begin().length() + 1 + before.get().length() + end().length() + 1;
        return file.substring(0, begin) + part + file.substring(after);
    }

    private static int lineAt(String file, String line) {
        if (file.startsWith(line + "\n")) {
            return 0;
        }
        int before = file.indexOf("\n" + line + "\n");
        return before < 0 ? -1 : before + 1;
    }

    private String begin() {
        return "# muster begin " + name;
    }

    private String end() {
        return "# muster end " + name;
    }
}

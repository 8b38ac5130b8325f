package dev.muster.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what with a file. What is not said stays as the file has it; a new file is its writer's, and readable by all.
 *
 * @param mode three octal digits, as {@code chmod} takes them
 * @param owner a user's name
 * @param group a group's name
 */
public record FileRights(Optional<String> mode, Optional<String> owner, Optional<String> group) {

    /** As the file has them. */
    public static final FileRights KEPT = new FileRights(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Set<PosixFilePermission> NEW = PosixFilePermissions.fromString("rw-r--r--");

    public FileRights {
        mode.filter(digits -> !digits.matches("[0-7]{3}")).ifPresent(digits -> {
            throw new IllegalArgumentException(
                    "mode '%s': allowed are three octal digits, such as 644".formatted(digits));
        });
    }

    /** Gives them to a file that is to take the place of another, which may not be there. */
    void give(Path file, Path instead) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes own = view.readAttributes();
        Optional<PosixFileAttributes> before = Files.exists(instead)
                ? Optional.of(Files.readAttributes(instead, PosixFileAttributes.class))
                : Optional.empty();
        UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
        GroupPrincipal newGroup = group.isPresent()
                ? names.lookupPrincipalByGroupName(group.get())
                : before.map(PosixFileAttributes::group).orElse(own.group());
        if (!newGroup.equals(own.group())) {
            view.setGroup(newGroup);
        }
        UserPrincipal newOwner = owner.isPresent()
                ? names.lookupPrincipalByName(owner.get())
                : before.map(PosixFileAttributes::owner).orElse(own.owner());
        if (!newOwner.equals(own.owner())) {
            view.setOwner(newOwner);
        }
        view.setPermissions(mode.map(FileRights::permissions)
                .or(() -> before.map(PosixFileAttributes::permissions))
                .orElse(NEW));
    }

    private static Set<PosixFilePermission> permissions(String mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        int bits = Integer.parseInt(mode, 8);
        PosixFilePermission[] fromHighest = PosixFilePermission.values();
        for (int i = 0; i < fromHighest.length; i++) {
            if ((bits & (0400 >> i)) != 0) {
                permissions.add(fromHighest[i]);
            }
        }
        return permissions;
    }
}

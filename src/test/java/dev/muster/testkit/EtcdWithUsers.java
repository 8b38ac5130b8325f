package dev.muster.testkit;

import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;

/** An etcd that asks for users: root, as whom etcdctl speaks, and one whose role, of the same name, may do what it was granted. */
public final class EtcdWithUsers {

    public final EtcdProcess etcd = EtcdProcess.start();
    private final String user;
    private final String password;

    private EtcdWithUsers(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /** @param rights below {@code /services/}: {@code read} or {@code readwrite}; Muster's own keys it may write */
    public static EtcdWithUsers start(String user, String password, String rights) {
        EtcdWithUsers started = new EtcdWithUsers(user, password);
        EtcdProcess etcd = started.etcd;
        etcd.ctl("user", "add", "root:root");
        etcd.ctl("user", "grant-role", "root", "root");
        etcd.ctl("role", "add", user);
        etcd.ctl("role", "grant-permission", "--prefix=true", user, "readwrite", "/muster/");
        etcd.ctl("role", "grant-permission", "--prefix=true", user, rights, "/services/");
        started.addUser();
        etcd.ctl("auth", "enable");
        etcd.ctlWith("--user=root:root");
        return started;
    }

    /** Also once more, after it was deleted. */
    public void addUser() {
        etcd.ctl("user", "add", user + ":" + password);
        etcd.ctl("user", "grant-role", user, user);
    }

    /** A witness that may see everything. */
    public EtcdRecorder recorder() {
        ByteSequence root = ByteSequence.from("root", StandardCharsets.UTF_8);
        return EtcdRecorder.of(etcd, client -> client.user(root).password(root));
    }
}

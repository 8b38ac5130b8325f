# shellcheck shell=bash
# Ports of this machine's loopback. To be sourced.

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range from which the kernel takes ports for clients.
free_port() {
    local port
    for _ in {1..100}; do
        port=$((20000 + RANDOM % 10000))
        case " ${handed_out_ports:-} " in *" $port "*) continue ;; esac
        port_is_free "$port" || continue
        handed_out_ports="${handed_out_ports:-} $port"
        free_port=$port
        return
    done
    fail "no free port between 20000 and 29999 was found: end what holds them, then run this again."
}

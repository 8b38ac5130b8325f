package dev.muster.registry.etcd;

import com.google.common.util.concurrent.MoreExecutors;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends all renewals of one client over one stream, which stays open. By itself the library opens a stream for each, sends each
 * twice and closes the stream again, and an idle agent does little else. etcd answers each renewal on a stream once, with the
 * lease's id, before it reads the next (<a
 * href="https://github.com/etcd-io/etcd/blob/release-3.5/server/etcdserver/api/v3rpc/lease.go">v3rpc/lease.go</a>). When the
 * stream ends, those that wait for an answer fail, and the next one opens another.
 */
final class RenewalStream implements ClientInterceptor {

    private static final String RENEW = LeaseGrpc.getLeaseKeepAliveMethod().getFullMethodName();

    private final Object lock = new Object();
    private @Nullable Shared present;

    @Override
    @SuppressWarnings("unchecked") // the method's name says what it asks and answers
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
        if (!method.getFullMethodName().equals(RENEW)) {
            return channel.newCall(method, options);
        }
        var renewing = (MethodDescriptor<LeaseKeepAliveRequest, LeaseKeepAliveResponse>) method;
        // What follows from an answer is short enough for the connection's own thread, so no other is woken for it.
        CallOptions atOnce = options.withExecutor(MoreExecutors.directExecutor());
        return (ClientCall<Q, A>) new Renewal(() -> channel.newCall(renewing, atOnce));
    }

    /** A stream to etcd, and who waits on it. All fields are guarded by {@link #lock}. */
    private final class Shared extends ClientCall.Listener<LeaseKeepAliveResponse> {

        private final ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call;
        private final List<Renewal> waiting = new ArrayList<>();

        Shared(ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call) {
            this.call = call;
        }

        void open(Metadata headers) {
            call.start(this, headers);
            call.request(Integer.MAX_VALUE);
        }

        @Override
        public void onMessage(LeaseKeepAliveResponse answer) {
            Optional<Renewal> oldest;
            synchronized (lock) {
                oldest = waiting.stream()
                        .filter(each -> each.lease == answer.getID())
                        .findFirst();
                oldest.ifPresent(waiting::remove);
            }
            oldest.ifPresent(renewal -> renewal.answer(answer));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            List<Renewal> unanswered;
            synchronized (lock) {
                if (present == this) {
                    present = null;
                }
                unanswered = List.copyOf(waiting);
                waiting.clear();
            }
            Status why = status.isOk() ? Status.UNAVAILABLE.withDescription("etcd ended the stream") : status;
            unanswered.forEach(renewal -> renewal.end(why));
        }
    }

    /** To the library, a stream of its own. */
    private final class Renewal extends ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> {

        private final Supplier<ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse>> opening;
        private Listener<LeaseKeepAliveResponse> listener = new Listener<>() {};
        private Metadata headers = new Metadata();
        private boolean sent;
        private long lease;

        Renewal(Supplier<ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse>> opening) {
            this.opening = opening;
        }

        @Override
        public void start(Listener<LeaseKeepAliveResponse> listener, Metadata headers) {
            this.listener = listener;
            this.headers = headers;
        }

        @Override
        public void sendMessage(LeaseKeepAliveRequest request) {
            synchronized (lock) {
                if (sent) {
                    return; // how the library ends its stream
                }
                sent = true;
                lease = request.getID();
                Shared stream = present == null ? new Shared(opening.get()) : present;
                stream.waiting.add(this);
                if (present == null) {
                    present = stream;
                    stream.open(headers);
                }
                if (stream.equals(present)) { // it has not ended at once
                    stream.call.sendMessage(request);
                }
            }
        }

        void answer(LeaseKeepAliveResponse answer) {
            listener.onMessage(answer);
            end(Status.OK);
        }

        void end(Status status) {
            listener.onClose(status, new Metadata());
        }

        @Override
        public void request(int messages) {
            // Its one answer is always wanted.
        }

        @Override
        public void halfClose() {
            // Others go on using the stream.
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            // Nobody waits for it any longer; its answer is taken off the stream all the same.
        }
    }
}

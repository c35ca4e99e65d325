package io.sepiola.quorum;

import io.sepiola.monitor.Peers;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/** Tells the library to use {@link PeerRpc}. It makes one itself, by this class's name. */
public final class PeerRpcType implements RpcType {
    static final PeerRpcType INSTANCE = new PeerRpcType();
    static final String PEERS = "sepiola.peers";

    /** For the library. */
    public PeerRpcType() {}

    @Override
    public String name() {
        return PeerRpcType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        Peers peers = parameters.getNonNull(PEERS, Peers.class);
        return new ServerFactory() {
            @Override
            public RaftServerRpc newRaftServerRpc(RaftServer server) {
                return new PeerRpc(server, peers);
            }

            @Override
            public RpcType getRpcType() {
                return INSTANCE;
            }
        };
    }
}

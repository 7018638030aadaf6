package dev.semel.testkit.internal;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * What one broker knows of a topic. An admin client asks any broker, and another one the next time; each learns of a change on
 * its own. So this asks over a connection of its own, without encryption, as the testkit's clusters are.
 */
final class BrokerView {

    private static final int TIMEOUT_MS = 5_000;
    private static final short VERSION = 12;

    private final Node broker;

    BrokerView(Node broker) {
        this.broker = broker;
    }

    /**
     * Asks for the number of partitions of a topic that have leaders.
     *
     * @return nothing if the broker does not know the topic
     * @throws IOException if the broker does not answer
     */
    OptionalInt partitionsWithLeader(String topic) throws IOException {
        MetadataResponse response = ask(new MetadataRequest.Builder(List.of(topic), false).build(VERSION));
        MetadataResponseTopic metadata = response.data().topics().find(topic);
        if (metadata == null || metadata.errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int)
                metadata.partitions().stream().filter(BrokerView::hasLeader).count());
    }

    private static boolean hasLeader(MetadataResponsePartition partition) {
        return partition.errorCode() == Errors.NONE.code() && partition.leaderId() >= 0;
    }

    private MetadataResponse ask(MetadataRequest request) throws IOException {
        RequestHeader header = new RequestHeader(ApiKeys.METADATA, VERSION, "semel-testkit", 0);
        ByteBuffer question = request.serializeWithHeader(header);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(broker.host(), broker.port()), TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] bytes = new byte[question.remaining()];
            question.get(bytes);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = in.readNBytes(in.readInt());
            return (MetadataResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
        }
    }
}

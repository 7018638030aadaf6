package dev.semel.dlq.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.SpecVersionDetector;
import dev.semel.dlq.LetterValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes records whose values are JSON, and valid by a JSON Schema: by draft 2020-12 where the schema does not name another. */
final class SchemaCheck implements LetterValidator {

    private static final int SHOWN = 10;

    /** Not more forgiving than those who read events. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonSchema schema;

    private SchemaCheck(JsonSchema schema) {
        this.schema = schema;
    }

    /** @throws IOException where the file cannot be read, or is no schema; its message says so */
    static SchemaCheck of(Path file) throws IOException {
        JsonNode read = MAPPER.readTree(Files.readAllBytes(file));
        if (!read.isObject()) {
            throw new IOException("a schema is a JSON object");
        }
        try {
            VersionFlag version =
                    SpecVersionDetector.detectOptionalVersion(read, true).orElse(VersionFlag.V202012);
            JsonSchema schema = JsonSchemaFactory.getInstance(version).getSchema(read);
            // What it refers to is looked for now, and not when the first letter is read.
            schema.initializeValidators();
            return new SchemaCheck(schema);
        } catch (JsonSchemaException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void check(ConsumerRecord<byte[], byte[]> record) throws JsonProcessingException {
        if (record.value() == null) {
            throw new IllegalArgumentException("a null value is no JSON");
        }
        JsonNode value;
        try {
            value = MAPPER.readTree(record.value());
        } catch (IOException e) {
            throw new IllegalArgumentException("the value is no JSON: " + firstLine(e), e);
        }
        String faults = schema.validate(value).stream()
                .limit(SHOWN)
                .map(Object::toString)
                .collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the schema does not allow the value: " + faults);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}

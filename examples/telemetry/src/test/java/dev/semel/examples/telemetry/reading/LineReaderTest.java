package dev.semel.examples.telemetry.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineReaderTest {

    private static final LineReader CSV = new LineReader(
            new LineFormat(List.of("time", "source", "key", "value"), ',', Columns.USUAL, TimeUnit.AUTO));

    private static final LineReader JSON = new LineReader(LineFormat.json(Columns.USUAL, TimeUnit.MS));

    private static Reading csv(String line) throws UnreadableLineException {
        return CSV.read(line.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    AUTO | 2024-01-18T02:15:50Z             | 1705544150000
                    AUTO | 2024-01-18T02:15:50.250Z         | 1705544150250
                    AUTO | 2024-01-18T03:15:50+01:00        | 1705544150000
                    AUTO | 2024-01-18 02:15:50              | 1705544150000
                    AUTO | 1705544150                       | 1705544150000
                    AUTO | 1705544150.25                    | 1705544150250
                    AUTO | 1705544150000                    | 1705544150000
                    AUTO | 1705544150000000                 | 1705544150000000
                    ISO  | 2024-01-18T02:15                 | 1705544100000
                    S    | 200000000000                     | 200000000000000
                    MS   | 1705544150                       | 1705544150
                    US   | 1705544150000999                 | 1705544150000
                    """)
    void aTimeIsReadByItsUnit(TimeUnit unit, String text, long millis) throws Exception {
        assertThat(unit.millis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    AUTO | yesterday
                    AUTO | 2024-01-18
                    AUTO | 1e300000000
                    AUTO | 99999999999999999999999
                    S    | 99999999999999999999
                    ISO  | 1705544150
                    ISO  | 2024-13-18T02:15:50Z
                    MS   | NaN
                    """)
    void whatIsNoTimeIsUnreadable(TimeUnit unit, String text) {
        assertThatThrownBy(() -> unit.millis(text))
                .isInstanceOf(UnreadableLineException.class)
                .hasMessageContaining(text);
    }

    @Test
    void columnsAreReadByTheirNamesAndMayBeQuoted() throws Exception {
        assertThat(csv("1705544150,\"A, north\",\"say \"\"it\"\"\",-1.5"))
                .isEqualTo(new Reading(1705544150000L, "A, north", "say \"it\"", -1.5, false));
    }

    @Test
    void aLineWithoutKeyOrSourceIsAReadingAllTheSame() throws Exception {
        assertThat(csv("1705544150,, ,1")).isEqualTo(new Reading(1705544150000L, null, null, 1, false));
        assertThat(JSON.read("{\"time\":5,\"value\":2,\"key\":null}".getBytes(UTF_8)))
                .isEqualTo(new Reading(5, null, null, 2, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    1705544150,A,k           | the line has 3 columns, the header 4
                    1705544150,A,k,1,2       | the line has 5 columns, the header 4
                    1705544150,A,"k,1        | the line is not CSV
                    1705544150,A,k,warm      | value 'warm' is not a number
                    1705544150,A,k,NaN       | value 'NaN' is not a number
                    1705544150,A,k,          | there is no value
                    ,A,k,1                   | there is no time
                    -1,A,k,1                 | time '-1' is before 1970
                    """)
    void whatIsNoReadingSaysWhy(String line, String why) {
        assertThatThrownBy(() -> csv(line))
                .isInstanceOf(UnreadableLineException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"time":5,"source":"A"   | the line is not JSON
                    {"time":5} {"time":6}    | the line is not JSON
                    [5]                      | the line is not a JSON object
                    {"time":[5]}             | 'time' is an object or array
                    """)
    void whatIsNoObjectSaysWhy(String line, String why) {
        assertThatThrownBy(() -> JSON.read(line.getBytes(UTF_8)))
                .isInstanceOf(UnreadableLineException.class)
                .hasMessageContaining(why);
    }

    @Test
    void numbersOfJsonMayHaveFractionsAndExponents() throws Exception {
        var seconds = new LineReader(LineFormat.json(Columns.USUAL, TimeUnit.AUTO));

        assertThat(seconds.read("{\"time\":1705544150.25,\"source\":7,\"key\":true,\"value\":1e-3}".getBytes(UTF_8)))
                .isEqualTo(new Reading(1705544150250L, "7", "true", 0.001, false));
        assertThat(JSON.read("{\"time\":1.7E12,\"value\":\"2\"}".getBytes(UTF_8))
                        .time())
                .isEqualTo(1700000000000L);
        assertThatThrownBy(() -> JSON.read("{\"time\":1e999999999,\"value\":2}".getBytes(UTF_8)))
                .isInstanceOf(UnreadableLineException.class)
                .hasMessageContaining("'time' is a number with more than 400 digits");
    }

    @Test
    void columnsThatAreNamedTwiceAreRefused() {
        assertThatThrownBy(() -> Columns.parse("time=a,time=b,source=c,key=d"))
                .hasMessageContaining("'time=' is given twice");
    }
}

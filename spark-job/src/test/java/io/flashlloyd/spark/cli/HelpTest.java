package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What --help looks like where a line has 80 characters. */
class HelpTest {
  private static final int COLUMNS = 80;

  static Stream<String> commands() {
    return new CommandLine(new Main()).getSubcommands().keySet().stream();
  }

  /** picocli breaks lines at the dots, slashes and colons of a name too. */
  @ParameterizedTest
  @MethodSource("commands")
  void shouldBreakLinesBetweenWordsOnly(String command) {
    assertThat(words(command, COLUMNS)).isEqualTo(words(command, 1000));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldKeepExamplesAndTablesOnTheirLines(String command) {
    UsageMessageSpec help = spec(command).usageMessage();

    assertThat(Stream.of(help.description(), help.footer()).flatMap(Arrays::stream))
        .filteredOn(line -> line.startsWith("  "))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(COLUMNS));
  }

  /** Whatever follows the first words of an option is a table, or one word that is long. */
  @ParameterizedTest
  @MethodSource("commands")
  void shouldKeepTablesOfOptionsOnTheirLines(String command) {
    List<String> lines = usage(command, COLUMNS).lines().map(String::strip).toList();

    assertThat(spec(command).options())
        .flatMap(option -> Arrays.stream(option.description()).skip(1).map(String::strip).toList())
        .isSubsetOf(lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fit", "assign"})
  void shouldNameThePageAmongWhatIsWritten(String command) {
    assertThat(usage(command, COLUMNS)).contains("report.json", "report.html");
  }

  private static List<String> words(String command, int columns) {
    return List.of(usage(command, columns).strip().split("\\s+"));
  }

  private static String usage(String command, int columns) {
    CommandLine main = new CommandLine(new Main());
    main.setUsageHelpWidth(columns);
    return main.getSubcommands().get(command).getUsageMessage();
  }

  private static CommandSpec spec(String command) {
    return new CommandLine(new Main()).getSubcommands().get(command).getCommandSpec();
  }
}

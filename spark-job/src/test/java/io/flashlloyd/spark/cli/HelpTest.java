package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
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
    UsageMessageSpec help = help(command);

    assertThat(Stream.of(help.description(), help.footer()).flatMap(Arrays::stream))
        .filteredOn(line -> line.startsWith("  "))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(COLUMNS));
  }

  private static List<String> words(String command, int columns) {
    CommandLine main = new CommandLine(new Main());
    main.setUsageHelpWidth(columns);
    return List.of(main.getSubcommands().get(command).getUsageMessage().strip().split("\\s+"));
  }

  private static UsageMessageSpec help(String command) {
    CommandLine line = new CommandLine(new Main()).getSubcommands().get(command);
    return line.getCommandSpec().usageMessage();
  }
}

package io.flashlloyd.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.api.JavaUniverse;
import scala.reflect.api.Symbols.ClassSymbolApi;
import scala.reflect.api.Symbols.SymbolApi;

/**
 * The list in docs/architecture.md of what we touch of Spark and Spark promises nobody: classes and
 * methods that are private to a package of Spark's, which only Scala's compiler minds, and those of
 * packages that Spark calls internal as a whole.
 */
class SparkInternalsTest {
  private static final Path PAGE = Path.of("../docs/architecture.md");
  private static final String SPARK = "org.apache.spark.";

  private static final Pattern INTERNAL_PACKAGE =
      Pattern.compile("org\\.apache\\.spark\\.(sql\\.(catalyst|execution|classic)|unsafe)\\..*");

  private final JavaUniverse.JavaMirror mirror =
      scala
          .reflect
          .runtime
          .package$
          .MODULE$
          .universe()
          .runtimeMirror(SparkInternalsTest.class.getClassLoader());

  @Test
  void shouldBeListedInOnePlace() throws Exception {
    assertThat(listed()).as("of %s", PAGE).containsExactlyElementsOf(touched());
  }

  /** The names in the first column of the page's table. */
  private static List<String> listed() throws IOException {
    List<String> names = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGE)) {
      inside = line.startsWith("<!-- internals") || (inside && !line.startsWith("<!-- end"));
      if (inside && line.startsWith("| `")) {
        names.add(line.substring(3, line.indexOf('`', 3)));
      }
    }
    return names;
  }

  private Set<String> touched() throws Exception {
    LibraryUse use = LibraryUse.in(SupportedSpark.class);
    Set<String> touched = new TreeSet<>();
    for (String name : use.classes()) {
      if (name.startsWith(SPARK) && isInternal(name)) {
        touched.add(shown(name));
      }
    }
    for (LibraryUse.Member member : use.members()) {
      if (member.owner().startsWith(SPARK) && !isInternal(member.owner()) && isInternal(member)) {
        touched.add(shown(member.owner()) + "." + member.name());
      }
    }
    return touched;
  }

  /** A class and its Scala object are one. */
  private static String shown(String name) {
    return name.substring(SPARK.length()).replaceFirst("\\$$", "");
  }

  private boolean isInternal(String name) throws ClassNotFoundException {
    ClassSymbolApi type = symbol(name);
    SymbolApi outer = type.isModuleClass() ? type.module() : type;
    return INTERNAL_PACKAGE.matcher(name).matches() || isPrivate(outer);
  }

  /** Whether all members of that name are private; an overload that is not hides the others. */
  private boolean isInternal(LibraryUse.Member member) throws ClassNotFoundException {
    List<SymbolApi> named =
        CollectionConverters.asJava(symbol(member.owner()).toType().members().toList()).stream()
            .map(SymbolApi.class::cast)
            .filter(symbol -> symbol.name().encodedName().toString().equals(member.name()))
            .toList();
    return !named.isEmpty() && named.stream().allMatch(SparkInternalsTest::isPrivate);
  }

  private static boolean isPrivate(SymbolApi symbol) {
    return !symbol.privateWithin().toString().equals("<none>");
  }

  private ClassSymbolApi symbol(String name) throws ClassNotFoundException {
    return mirror.classSymbol(
        Class.forName(name, false, SparkInternalsTest.class.getClassLoader()));
  }
}

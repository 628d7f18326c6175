package io.flashlloyd.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.io.VectorDataset;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.xbean.asm9.Type;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * All that our classes call of Spark and what comes with it is there, by the very signature that
 * the compiler found: a NoSuchMethodError comes when a line runs, this comes before. It says
 * something where the class path is another Spark's than the compiler's: see .build/spark-4.0.
 */
class LinkageTest {
  private static LibraryUse use;

  @BeforeAll
  static void read() throws IOException {
    use = LibraryUse.in(SupportedSpark.class, VectorDataset.class, LloydEngine.class);
  }

  @Test
  void shouldFindEveryClass() {
    assertThat(use.classes()).hasSizeGreaterThan(200).allSatisfy(LinkageTest::type);
  }

  @Test
  void shouldFindEveryMethodAndField() {
    assertThat(use.members()).hasSizeGreaterThan(500);
    assertThat(use.members().stream().filter(member -> !isThere(member))).isEmpty();
  }

  /** What Spark calls of ours; Scala's {@code super} in a trait is for classes of Scala's. */
  @Test
  void shouldHaveEveryMethodThatIsAskedOfIt() throws ClassNotFoundException {
    for (String name : use.own()) {
      Class<?> type = type(name);
      if (!Modifier.isAbstract(type.getModifiers())) {
        assertThat(type.getMethods())
            .as(name)
            .noneMatch(
                method ->
                    Modifier.isAbstract(method.getModifiers())
                        && !method.getName().contains("$$super$"));
      }
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, false, LinkageTest.class.getClassLoader());
  }

  private static boolean isThere(LibraryUse.Member member) {
    Deque<Class<?>> owners = new ArrayDeque<>();
    try {
      owners.add(type(member.owner()));
    } catch (ClassNotFoundException e) {
      return false;
    }
    while (!owners.isEmpty()) {
      Class<?> owner = owners.remove();
      if (declares(owner, member)) {
        return true;
      }
      owners.addAll(List.of(owner.getInterfaces()));
      if (owner.getSuperclass() != null) {
        owners.add(owner.getSuperclass());
      } else if (owner.isInterface()) {
        owners.add(Object.class);
      }
    }
    return false;
  }

  private static boolean declares(Class<?> owner, LibraryUse.Member member) {
    if (member.isField()) {
      return Stream.of(owner.getDeclaredFields())
          .anyMatch(
              field ->
                  field.getName().equals(member.name())
                      && Type.getDescriptor(field.getType()).equals(member.descriptor()));
    }
    if (member.name().equals("<init>")) {
      return Stream.of(owner.getDeclaredConstructors())
          .anyMatch(made -> Type.getConstructorDescriptor(made).equals(member.descriptor()));
    }
    return Stream.of(owner.getDeclaredMethods()).anyMatch(method -> isCalled(method, member));
  }

  private static boolean isCalled(Method method, LibraryUse.Member member) {
    return method.getName().equals(member.name())
        && Type.getMethodDescriptor(method).equals(member.descriptor());
  }
}

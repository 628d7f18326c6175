package io.flashlloyd.engine.cuda;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.flashlloyd.engine.cuda.CudaSignatures.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What launchers pass to each kernel, found in their sources: every method is gone through once for
 * each way that its conditions may turn out; methods that add to arguments are entered.
 */
final class LauncherSources {
  /**
   * A launch, on one way through its method.
   *
   * @param kernel the constant's name, {@code *} for what only running tells
   */
  record Launch(String place, String kernel, List<Value> values) {}

  private final Trees trees;
  private final List<Launch> launches = new ArrayList<>();
  private Map<String, Boolean> decided = new LinkedHashMap<>();
  private final List<CompilationUnitTree> units = new ArrayList<>();
  private String place;

  /** A method's variables. */
  private static final class Scope {
    final Map<String, List<Value>> arguments = new HashMap<>();
    final Map<String, ExpressionTree> expressions = new HashMap<>();
    final Map<String, Scope> origins = new HashMap<>();
    boolean returned;
    List<Value> result;

    Scope inner() {
      Scope scope = new Scope();
      scope.arguments.putAll(arguments);
      scope.expressions.putAll(expressions);
      scope.origins.putAll(origins);
      return scope;
    }
  }

  private LauncherSources(Trees trees) {
    this.trees = trees;
  }

  /** All launches of the sources in this folder. */
  static List<Launch> launches(Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
    try (files;
        Stream<Path> sources = Files.list(folder)) {
      List<Path> all = sources.filter(file -> file.toString().endsWith(".java")).toList();
      List<String> options =
          List.of(
              "-proc:none", "-cp", System.getProperty("java.class.path"), "-XDignore.symbol.file");
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, options, null, files.getJavaFileObjectsFromPaths(all));
      LauncherSources found = new LauncherSources(Trees.instance(task));
      task.parse().forEach(found.units::add);
      task.analyze();
      found.units.forEach(found::visit);
      return found.launches;
    }
  }

  private void visit(CompilationUnitTree file) {
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void nothing) {
        boolean helper =
            method.getParameters().stream()
                .anyMatch(p -> p.getType().toString().matches("Kernel\\w+|Consumer<.*>"));
        if (method.getBody() != null && !helper && method.toString().contains("Kernel")) {
          String owner =
              ((ClassTree) getCurrentPath().getParentPath().getLeaf()).getSimpleName() + "";
          place = owner + "." + method.getName();
          everyWay(method.getBody());
        }
        return null;
      }
    }.scan(file, null);
  }

  /** Conditions are false at first, and then as an odometer turns. */
  private void everyWay(BlockTree body) {
    Map<String, Boolean> next = new LinkedHashMap<>();
    int ways = 0;
    while (next != null) {
      if (++ways > 4096) {
        throw new IllegalStateException(place + " has too many ways: " + decided.keySet());
      }
      decided = next;
      run(body, new Scope());
      next = null;
      List<String> conditions = new ArrayList<>(decided.keySet());
      for (int i = conditions.size() - 1; i >= 0 && next == null; i--) {
        if (!decided.get(conditions.get(i))) {
          next = new LinkedHashMap<>();
          for (String before : conditions.subList(0, i)) {
            next.put(before, decided.get(before));
          }
          next.put(conditions.get(i), true);
        }
      }
    }
  }

  private boolean holds(ExpressionTree condition) {
    String text = bare(condition).toString();
    boolean negated = text.startsWith("!");
    String key = (negated ? text.substring(1) : text).replace("!=", "==");
    boolean unequal = text.contains("!=");
    return decided.computeIfAbsent(key, k -> false) != (negated ^ unequal);
  }

  private static ExpressionTree bare(ExpressionTree tree) {
    return tree instanceof ParenthesizedTree inner ? bare(inner.getExpression()) : tree;
  }

  /** Goes through code in order: launches are noted, arguments grow. */
  private void run(Tree tree, Scope scope) {
    if (tree == null || scope.returned) {
      return;
    }
    if (tree instanceof IfTree choice) {
      run(choice.getCondition(), scope);
      run(
          holds(choice.getCondition()) ? choice.getThenStatement() : choice.getElseStatement(),
          scope);
    } else if (tree instanceof ConditionalExpressionTree choice) {
      run(
          holds(choice.getCondition()) ? choice.getTrueExpression() : choice.getFalseExpression(),
          scope);
    } else if (tree instanceof VariableTree variable) {
      String name = variable.getName().toString();
      if (variable.getInitializer() != null && isArguments(variable.getType())) {
        scope.arguments.put(name, arguments(variable.getInitializer(), scope));
      } else {
        run(variable.getInitializer(), scope);
        scope.expressions.put(name, variable.getInitializer());
        scope.origins.put(name, scope);
      }
    } else if (tree instanceof ReturnTree end) {
      if (end.getExpression() != null) {
        scope.result = arguments(end.getExpression(), scope);
        if (!(bare(end.getExpression()) instanceof MethodInvocationTree)) {
          run(end.getExpression(), scope);
        }
      }
      scope.returned = true;
    } else if (tree instanceof LambdaExpressionTree lambda) {
      if (lambda.getParameters().isEmpty()) {
        run(lambda.getBody(), scope.inner());
      }
    } else if (tree instanceof MethodInvocationTree call) {
      call(call, scope);
    } else if (tree instanceof ForLoopTree loop) {
      int times = bound(bare(loop.getCondition()));
      for (int i = 0; i < times; i++) {
        run(loop.getStatement(), scope);
      }
    } else if (!(tree instanceof ClassTree)) {
      children(tree).forEach(child -> run(child, scope));
    }
  }

  /** How often a loop whose variable stays below a constant goes round; once for another. */
  private int bound(ExpressionTree condition) {
    if (!(condition instanceof BinaryTree comparison)
        || condition.getKind() != Tree.Kind.LESS_THAN) {
      return 1;
    }
    ExpressionTree most = comparison.getRightOperand();
    Object value =
        most instanceof LiteralTree literal
            ? literal.getValue()
            : element(most) instanceof VariableElement constant
                ? constant.getConstantValue()
                : null;
    return value instanceof Integer times ? times : 1;
  }

  private Element element(Tree tree) {
    return units.stream()
        .map(unit -> TreePath.getPath(unit, tree))
        .filter(Objects::nonNull)
        .findFirst()
        .map(trees::getElement)
        .orElse(null);
  }

  private static boolean isArguments(Tree type) {
    return type != null && type.toString().endsWith("KernelArguments");
  }

  private static List<Tree> children(Tree tree) {
    List<Tree> children = new ArrayList<>();
    tree.accept(
        new com.sun.source.util.TreeScanner<Void, Void>() {
          @Override
          public Void scan(Tree child, Void nothing) {
            if (child != null) {
              children.add(child);
            }
            return null;
          }
        },
        null);
    return children;
  }

  /** The arguments that an expression stands for, grown by what it adds; null if it is none. */
  private List<Value> arguments(ExpressionTree expression, Scope scope) {
    ExpressionTree tree = bare(expression);
    if (tree instanceof IdentifierTree name) {
      return scope.arguments.get(name.getName().toString());
    }
    if (tree instanceof NewClassTree made && isArguments(made.getIdentifier())) {
      return new ArrayList<>();
    }
    return tree instanceof MethodInvocationTree call ? call(call, scope) : null;
  }

  private List<Value> call(MethodInvocationTree call, Scope scope) {
    String name =
        call.getMethodSelect() instanceof MemberSelectTree select
            ? select.getIdentifier().toString()
            : call.getMethodSelect().toString();
    ExpressionTree receiver =
        call.getMethodSelect() instanceof MemberSelectTree select ? select.getExpression() : null;
    List<Value> own = receiver == null ? null : arguments(receiver, scope);
    if (own != null) {
      if (name.equals("next") || !call.getArguments().isEmpty()) { // else alignment, as types say
        grow(own, name, call, scope);
      }
      return own;
    }
    if (receiver instanceof IdentifierTree variable
        && scope.expressions.get(variable.toString()) instanceof LambdaExpressionTree lambda) {
      Scope inner = scope.origins.get(variable.toString()).inner();
      inner.arguments.put(
          lambda.getParameters().get(0).getName().toString(),
          arguments(call.getArguments().get(0), scope));
      run(lambda.getBody(), inner);
      return null;
    }
    Map<ExpressionTree, List<Value>> passed = new HashMap<>();
    for (ExpressionTree argument : call.getArguments()) {
      List<Value> values = arguments(argument, scope);
      if (values != null) {
        passed.put(argument, values);
      } else if (!(argument instanceof MethodInvocationTree)) {
        run(argument, scope);
      }
    }
    if (name.equals("launch") && !passed.isEmpty()) {
      List<Value> values = passed.values().iterator().next();
      for (String kernel : names(call.getArguments().get(0), scope)) {
        launches.add(new Launch(place, kernel, List.copyOf(values)));
      }
      return null;
    }
    return enter(call, passed, scope);
  }

  /** Enters a method that is given arguments, or makes them. */
  private List<Value> enter(
      MethodInvocationTree call, Map<ExpressionTree, List<Value>> passed, Scope scope) {
    if (!(element(call) instanceof ExecutableElement method)) {
      return null;
    }
    boolean concerned =
        !passed.isEmpty() || method.getReturnType().toString().endsWith("KernelArguments");
    boolean helper =
        method.getParameters().stream()
            .anyMatch(p -> p.asType().toString().contains("KernelArguments"));
    MethodTree body = concerned || helper ? trees.getTree(method) : null;
    if (body == null || body.getBody() == null) {
      return null;
    }
    Scope inner = new Scope();
    for (int i = 0; i < body.getParameters().size(); i++) {
      String parameter = body.getParameters().get(i).getName().toString();
      ExpressionTree argument = call.getArguments().get(i);
      if (passed.containsKey(argument)) {
        inner.arguments.put(parameter, passed.get(argument));
      }
      inner.expressions.put(parameter, argument);
      inner.origins.put(parameter, scope);
    }
    run(body.getBody(), inner);
    return inner.result;
  }

  private void grow(List<Value> values, String name, MethodInvocationTree call, Scope scope) {
    if (name.equals("next")) {
      values.add(new Value(true, "next", ""));
      return;
    }
    boolean begins = !values.isEmpty() && values.get(values.size() - 1).kind().equals("next");
    if (begins) {
      values.remove(values.size() - 1);
    }
    values.add(new Value(begins, name, name(call.getArguments().get(0), scope)));
  }

  /** What a person would call the value; empty for a literal. */
  private String name(ExpressionTree expression, Scope scope) {
    ExpressionTree tree = bare(expression);
    if (tree instanceof LiteralTree) {
      return "";
    }
    if (tree instanceof ConditionalExpressionTree choice) {
      boolean first = holds(choice.getCondition());
      return name(first ? choice.getTrueExpression() : choice.getFalseExpression(), scope);
    }
    if (tree instanceof MethodInvocationTree call) {
      if (call.getMethodSelect().toString().equals("at")) {
        return name(call.getArguments().get(0), scope);
      }
      if (call.getMethodSelect() instanceof MemberSelectTree select) {
        String last = select.getIdentifier().toString();
        return last.equals("address") ? name(select.getExpression(), scope) : last;
      }
      return call.getMethodSelect().toString();
    }
    if (tree instanceof MemberSelectTree select) {
      return select.getIdentifier().toString();
    }
    return tree instanceof IdentifierTree ? tree.toString() : "(" + tree + ")";
  }

  /** The constants of {@link KernelCatalog} that an expression may be. */
  private Set<String> names(ExpressionTree expression, Scope scope) {
    ExpressionTree tree = bare(expression);
    if (tree instanceof ConditionalExpressionTree choice) {
      boolean first = holds(choice.getCondition());
      return names(first ? choice.getTrueExpression() : choice.getFalseExpression(), scope);
    }
    if (tree instanceof LiteralTree literal) {
      return Set.of(String.valueOf(literal.getValue()));
    }
    if (tree instanceof IdentifierTree variable) {
      String name = variable.getName().toString();
      return names(scope.expressions.get(name), scope.origins.get(name));
    }
    if (tree instanceof MethodInvocationTree call) {
      boolean hopper = call.getMethodSelect().toString().endsWith("hopperScreen");
      Set<String> all = new TreeSet<>();
      for (String family : names(call.getArguments().get(0), scope)) {
        all.add(hopper ? "SCREEN_SM90_" + family + "_*" : family + "_*");
      }
      return all;
    }
    return Set.of(((MemberSelectTree) tree).getIdentifier().toString());
  }
}

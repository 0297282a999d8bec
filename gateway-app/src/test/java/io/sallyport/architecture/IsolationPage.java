package io.sallyport.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What docs/concepts/isolation.md says.
 *
 * @param bounds rows of the table of bounds
 * @param harmless classes of the table of what callers cannot fill
 */
record IsolationPage(List<Row> bounds, Set<String> harmless) {
    private static final Path PAGE = Path.of("..", "docs", "concepts", "isolation.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final int COLUMNS = 5;

    /**
     * @param where constants, as {@code Class.CONSTANT}
     * @param tests tests, as {@code Class#method}
     */
    record Row(
            String resource, String bound, String told, List<String> where, List<String> tests) {}

    static IsolationPage read() {
        var rows = new ArrayList<Row>();
        var harmless = new TreeSet<String>();
        for (var line : lines()) {
            var cells = cells(line);
            if (cells.size() == COLUMNS) {
                rows.add(row(cells));
            } else if (cells.size() == 2) {
                harmless.addAll(quoted(cells.getFirst()));
            }
        }
        return new IsolationPage(rows, harmless);
    }

    /** Simple names of all classes that the page names. */
    Set<String> classes() {
        var classes = new TreeSet<>(harmless);
        for (var row : bounds) {
            row.where().forEach(it -> classes.add(className(it)));
        }
        return classes;
    }

    private static String className(String where) {
        var name = where.substring(0, where.lastIndexOf('.'));
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static Row row(List<String> cells) {
        return new Row(
                cells.get(0),
                cells.get(1),
                cells.get(2),
                quoted(cells.get(3)),
                quoted(cells.get(4)));
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cells of a row, none for what is no row of a table's body. */
    private static List<String> cells(String line) {
        boolean isRow = line.startsWith("| ") && line.endsWith(" |");
        if (!isRow || line.startsWith("| resource |") || line.startsWith("| where |")) {
            return List.of();
        }
        return List.of(line.substring(2, line.length() - 2).split(" \\| "));
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(it -> it.group(1)).toList();
    }
}

package io.pgq4j.admin.doctor;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "doctor",
    description = {
      "Examines the database: says what is wrong, why that matters, and which command cures it.",
      "It reads only. The exit code is 6 when something is wrong, so that monitoring can call it.",
      "It needs the rights of pgq_admin; with those of pg_monitor it also tells what sessions of"
          + " other users do.",
      "JSON: {\"findings\": [{\"severity\": \"error\"|\"warning\", \"check\": …, \"object\": …,"
          + " \"what\": …, \"why\": …, \"cure\": …}]}"
    },
    footer = "  pgq-admin doctor")
public final class DoctorCommand extends AdminCommand {
  @Override
  protected void run() {
    List<Finding> findings = examine();
    print(json(findings), out -> findings.forEach(finding -> print(out, finding)));
    if (findings.isEmpty()) {
      say("All is well.");
      return;
    }
    long errors = findings.stream().filter(f -> f.severity() == Severity.ERROR).count();
    throw new CommandFailure(
        ExitCode.CHECK_FAILED, errors + " errors, " + (findings.size() - errors) + " warnings.");
  }

  private List<Finding> examine() {
    try {
      return Doctor.examine(dataSource());
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  private static void print(PrintWriter out, Finding finding) {
    out.println(finding.severity() + " " + finding.check());
    out.println("  " + Printable.sentence(finding.what()));
    out.println("  " + Printable.sentence(finding.why()));
    out.println("  Cure: " + Printable.sentence(finding.cure()));
    out.println();
  }

  private static JsonObject json(List<Finding> findings) {
    return JsonObject.of("findings", findings.stream().map(DoctorCommand::json).toList());
  }

  private static Map<String, @Nullable Object> json(Finding finding) {
    return JsonObject.of("severity", finding.severity().name().toLowerCase(Locale.ROOT))
        .with("check", finding.check())
        .with("object", finding.object())
        .with("what", finding.what())
        .with("why", finding.why())
        .with("cure", finding.cure())
        .map();
  }
}

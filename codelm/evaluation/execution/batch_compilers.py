"""Programs that compile, or only check, many programs in one process: texts in their own languages.

Each takes the names of folders and puts what can be run into the sub-folder ``out`` of each, or prints why it cannot,
with the file's path in front. A program that is refused leaves the others alone.
"""

PYTHON = """\
import shutil
import sys

for folder in sys.argv[1:]:
    source = folder + "/main.py"
    try:
        with open(source, "rb") as file:
            compile(file.read(), source, "exec", dont_inherit=True)
    except Exception as error:
        print(f"{source}:{getattr(error, 'lineno', None) or 1}: {type(error).__name__}: {getattr(error, 'msg', error)}")
    else:
        shutil.copy(source, folder + "/out/main.py")
"""

# A script is the body of a function with these parameters (Node.js, "The module wrapper").
JAVASCRIPT = """\
const { copyFileSync, readFileSync } = require("fs");
const { compileFunction } = require("vm");

for (const folder of process.argv.slice(2)) {
  const source = `${folder}/main.js`;
  try {
    const text = readFileSync(source, "utf8");
    compileFunction(text, ["exports", "require", "module", "__filename", "__dirname"], { filename: source });
    copyFileSync(source, `${folder}/out/main.js`);
  } catch (error) {
    console.log(error.stack.split("\\n    at ")[0]);
  }
}
"""

# A task of its own keeps programs apart; together they spare the start of the compiler, most of a second.
JAVA = """\
import java.io.File;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

class Compile {
    public static void main(String[] arguments) throws Exception {
        List<String> all = List.of(arguments);
        List<String> options = all.subList(0, all.indexOf("--"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        for (String folder : all.subList(options.size() + 1, all.size())) {
            File source = new File(folder, "Main.java");
            StringWriter messages = new StringWriter();
            try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
                files.setLocation(StandardLocation.CLASS_PATH, List.of());
                files.setLocation(StandardLocation.CLASS_OUTPUT, List.of(new File(folder, "out")));
                if (!compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(source)).call()) {
                    System.out.println(messages);
                }
            } catch (RuntimeException error) {
                System.out.println(source + ": " + error);
            }
        }
    }
}
"""

# The compiler as a library: the program `mcs` itself, whose start takes longer than compiling with it.
CSHARP = """\
using System;
using System.IO;
using System.Linq;
using System.Reflection;

static class Compile
{
    static void Main(string[] arguments)
    {
        Assembly compiler = Assembly.LoadFrom(arguments[0]);
        MethodInfo compile = compiler.GetType("Mono.CSharp.CompilerCallableEntryPoint").GetMethod("InvokeCompiler");
        string[] options = arguments.Skip(1).TakeWhile(argument => argument != "--").ToArray();
        foreach (string folder in arguments.Skip(options.Length + 2))
        {
            string source = folder + "/Program.cs";
            var messages = new StringWriter();
            var all = options.Concat(new[] { "-out:" + folder + "/out/main.exe", source }).ToArray();
            try
            {
                if (!(bool)compile.Invoke(null, new object[] { all, messages })) Console.WriteLine(messages);
            }
            catch (TargetInvocationException error)
            {
                Console.WriteLine(source + ": " + error.InnerException.Message);
            }
        }
    }
}
"""

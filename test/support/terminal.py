"""Runs a program in a terminal of its own, types what follows a prompt once the prompt is shown, and tells what it showed.

Usage: terminal.py <program> <argument>… -- <prompt> <keys> [<prompt> <keys>]…   (keys: with \\r, \\x03 and the like)
"""
import fcntl, os, pty, re, select, struct, sys, termios, time

command, typing = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    os.execvp(command[0], command)

shown = ""
deadline = time.time() + 30
while time.time() < deadline:
    if select.select([terminal], [], [], 0.05)[0]:
        try:
            chunk = os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            break
        shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", chunk)
    elif typing and typing[0] in shown:
        os.write(terminal, typing[1].encode().decode("unicode_escape").encode())
        typing = typing[2:]
print(shown.replace("\r", ""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

// `holdfast`: runs the command line with this process's arguments and ends with its code: 0 done, 1 something was
// refused, 2 wrong usage, 3 the world.
import { runCommandLine } from './program.ts'

// Whoever reads our output may stop reading (`| head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

process.exitCode = await runCommandLine(process.argv.slice(2))

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest)$/
/** Below this many bytes a compressed copy saves nothing that a packet would notice. */
const SMALLEST_WORTH_IT = 1024

/**
 * Writes `.br` and `.gz` beside each built file, once, at the highest quality,
 * so that the web server sends them as they lie and spends no time on it.
 */
export function precompress(): Plugin {
  let outDir = 'dist'
  return {
    name: 'roost:precompress',
    apply: 'build',
    configResolved: (config) => {
      outDir = config.build.outDir
    },
    // Only after a build that came through: the error of another is told by itself.
    writeBundle: () => {
      for (const entry of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        const file = join(outDir, entry)
        if (!COMPRESSIBLE.test(file) || statSync(file).size < SMALLEST_WORTH_IT) continue
        const content = readFileSync(file)
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
        writeFileSync(`${file}.br`, brotliCompressSync(content, quality))
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
      }
    },
  }
}

import { Markdown } from '@/components/markdown/Markdown'
import type { ChatMessage } from './message'
import { Reasoning } from './Reasoning'
import { isTool, ToolStep } from './ToolStep'

interface AnswerPartsProps {
  message: ChatMessage
  streaming: boolean
  onDecide: (approvalId: string, approved: boolean) => void
}

/** The parts of an answer in their order. Citations are drawn elsewhere; parts that are not known are left out. */
export function AnswerParts({ message, streaming, onDecide }: AnswerPartsProps) {
  const last = message.parts.length - 1
  return message.parts.map((part, index) => {
    const live = streaming && index === last
    const key = `${part.type}-${index}`
    if (part.type === 'text') return <Markdown key={key} source={part.text} streaming={live} />
    if (part.type === 'reasoning') return <Reasoning key={key} text={part.text} live={live} />
    if (isTool(part)) return <ToolStep key={key} part={part} onDecide={onDecide} />
    return null
  })
}
